import type { Insert } from './fill-document.ts';

/** What it takes to make a document again. */
export interface DocumentPlan {
  head: string;
  filler: () => Iterable<string>;
  joiner: string;
  label: (number: number) => string;
  /** In the order in which they stand. */
  inserts: readonly Insert[];
  fillers: number;
  /** For each insert, how many fillers stand before it. */
  fillersBefore: number[];
}

/** What stands before the unit that follows so many others. */
export function leadOf({ joiner, label }: DocumentPlan, unitsBefore: number): string {
  return (unitsBefore > 0 ? joiner : '') + label(unitsBefore + 1);
}

/** Makes the document unit by unit. Holds on to the plan and nothing else of what planning took. */
export function replayDocument(plan: DocumentPlan): () => Iterable<string> {
  return function* () {
    let fillers = 0;
    let placed = 0;

    function* dueInserts(): Generator<string> {
      for (; plan.fillersBefore[placed] === fillers; placed++) {
        yield leadOf(plan, fillers + placed) + plan.inserts[placed]?.text;
      }
    }

    yield plan.head;
    yield* dueInserts();
    for (const text of plan.filler()) {
      if (fillers === plan.fillers) return;
      yield leadOf(plan, fillers + placed) + text;
      fillers++;
      yield* dueInserts();
    }
  };
}
