/** A step of a second pass, by its name. */
export interface AgainStep {
  section: number;
  /** From 1: which part of the section, where it had to be read in several. */
  part: number;
}

/** What the name of a step of the strategy `reread` says: `again/12`, or `again/12/2`. Undefined for other steps. */
export function parseAgainStep(step: string): AgainStep | undefined {
  const [, section, part = '1'] = /^again\/(\d+)(?:\/(\d+))?$/.exec(step) ?? [];
  return section === undefined ? undefined : { section: Number(section), part: Number(part) };
}
