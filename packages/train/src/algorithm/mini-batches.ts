/** Splits a batch into mini-batches of so many questions, in order; a group is never split. The last may be smaller. */
export function miniBatches<Group>(groups: readonly Group[], questions: number): Group[][] {
  const batches: Group[][] = [];
  for (let start = 0; start < groups.length; start += questions) {
    batches.push(groups.slice(start, start + questions));
  }
  return batches;
}
