import { usageError } from '../usage-error.ts';

/** `1,50-60` as a test of whether a step is meant. */
export function parseStepList(text: string): (step: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, from, to = from] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined || Number(from) > Number(to)) {
      throw usageError(`--rollout-steps ${JSON.stringify(text)}: expected steps such as 1,50-60.`);
    }
    return [Number(from), Number(to)] as const;
  });
  return (step) => ranges.some(([from, to]) => step >= from && step <= to);
}
