import { stripWhiteSpace } from './python-text.ts';

// oxlint-disable-next-line no-control-regex -- these are what RULER replaces.
const control = /[\u0000-\u001f]/g;

/** Whether RULER finds the reference in the prediction: case-insensitive, anywhere, also inside a word. */
export function containsReference(prediction: string, reference: string): boolean {
  return cleanPrediction(prediction).toLowerCase().includes(reference.toLowerCase());
}

/**
 * What RULER makes of a prediction before it scores it: outer white space removed, control characters (tabs
 * among them) turned into line ends. References stay as they are, so one that spans a tab is never found.
 */
function cleanPrediction(prediction: string): string {
  return stripWhiteSpace(stripWhiteSpace(prediction).replaceAll(control, '\n'));
}
