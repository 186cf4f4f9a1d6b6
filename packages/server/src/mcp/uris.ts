/** The names of the server's resources. Templates follow RFC 6570. */

/** A whole run, as JSON. */
export const runTemplate = 'memagent://runs/{runId}';

/** The text that one citation of a run's answer quotes. `number` counts from 1 in the answer's order. */
export const citationTemplate = 'memagent://runs/{runId}/citations/{number}';

export function runUri(runId: string): string {
  return `memagent://runs/${runId}`;
}

/** `index` counts from 0 in the result's citations. */
export function citationUri(runId: string, index: number): string {
  return `${runUri(runId)}/citations/${index + 1}`;
}
