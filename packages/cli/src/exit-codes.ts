/** What the exit codes of the command line mean; documented in docs/cli.md. */
export const exitCodes = Object.freeze({
  answered: 0,
  /** An error that memagent did not foresee. */
  unexpected: 1,
  usage: 2,
  notFound: 3,
  /** Stopped, and can be resumed; for `batch` and `doctor`: not everything went well. */
  stopped: 4,
  interrupted: 130,
});
