/** One thing that `memagent doctor` looks at, and what it found. */
export interface Check {
  name: string;
  status: 'ok' | 'warning' | 'failed';
  /** What was found, and where it is not well what to do. */
  detail: string;
}
