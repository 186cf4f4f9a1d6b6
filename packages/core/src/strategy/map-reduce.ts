import { MemagentError } from '../errors.ts';
import { memoryTagTokens } from '../prompt/join-memories.ts';
import type { Memory } from '../reader/reader.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

/**
 * Map-reduce: every section is read on its own, side by side, and the notes are merged as soon as enough of
 * them are there, and the merged ones again, so that no merge exceeds the window and few notes are ever held:
 * one list per level, shorter than the fan-in (as a counter in base `fanIn`).
 */
export const mapReduceStrategy: Strategy = {
  name: 'map-reduce',

  readsAhead: (concurrency) => concurrency,

  async run(run) {
    const fanIn = fanInOf(run.window);
    if (fanIn < 2) throw noRoomToMerge(run.window);
    const levels: Memory[][] = [];
    const merges: number[] = [];

    /** Puts notes at a level; a full level becomes one note of the next. */
    async function collect(memory: Memory, level: number): Promise<void> {
      const notes = (levels[level] ??= []);
      notes.push(memory);
      if (notes.length < fanIn) return;
      levels[level] = [];
      await collect(await mergeAt(level, notes), level + 1);
    }

    function mergeAt(level: number, memories: readonly Memory[]): Promise<Memory> {
      merges[level] = (merges[level] ?? 0) + 1;
      return run.merge(`merge/${level}/${merges[level]}`, { memories });
    }

    const inFlight: Promise<Memory>[] = [];
    const collectOldest = async (): Promise<void> => {
      const oldest = inFlight.shift();
      if (oldest) await collect(await oldest, 0);
    };
    try {
      for await (const section of run.sections()) {
        const mapped = run.update(`map/${section.number}`, { memory: { text: '' }, section });
        mapped.catch(() => {}); // Surfaces when it is collected, in order.
        inFlight.push(mapped);
        if (inFlight.length >= run.concurrency) await collectOldest();
      }
      while (inFlight.length > 0) await collectOldest();
    } finally {
      await Promise.allSettled(inFlight); // Notes that were paid for are committed, also when another failed.
    }

    // What is left over at each level joins the level above it.
    let rest: Memory | undefined;
    for (let level = 0; level < levels.length; level += 1) {
      const notes = [...(levels[level] ?? []), ...(rest ? [rest] : [])];
      rest = notes.length <= 1 ? notes[0] : await mergeAt(level, notes);
    }
    const memory = rest ?? { text: '' };
    return { answer: await run.answer('answer', { memory }), memory };
  },

  estimate({ sections, tokens }, window) {
    const { merges, notes } = countMerges(sections, Math.max(2, fanInOf(window)));
    return upperBound(window, {
      updates: sections,
      updateTokens: tokens,
      merges,
      mergeTokens: notes * (window.memoryTokens + memoryTagTokens),
      answers: 1,
    });
  },
};

/** How many merges `run` makes of the notes of so many sections, and how many notes go into them in all. */
function countMerges(sections: number, fanIn: number): { merges: number; notes: number } {
  let merges = 0;
  let notes = 0;
  let rest = 0;
  for (let atLevel = sections; atLevel > 0; atLevel = Math.floor(atLevel / fanIn)) {
    const left = (atLevel % fanIn) + rest;
    merges += Math.floor(atLevel / fanIn) + (left > 1 ? 1 : 0);
    notes += atLevel - (atLevel % fanIn) + (left > 1 ? left : 0);
    rest = left > 0 ? 1 : 0;
  }
  return { merges, notes };
}

/** How many full memories fit into one merge. */
function fanInOf(window: WindowPlan): number {
  return Math.floor(window.mergeTokens / (window.memoryTokens + memoryTagTokens));
}

function noRoomToMerge(window: WindowPlan): MemagentError {
  const missing = 2 * (window.memoryTokens + memoryTagTokens) - window.mergeTokens;
  return new MemagentError(
    `map-reduce merges two memories of ${window.memoryTokens} tokens at least, and the window leaves ${window.mergeTokens} for them: ${missing} too few. Raise the window, or lower memoryTokens or outputTokens.`,
    { code: 'window-too-small', data: { missing, mergeTokens: window.mergeTokens } },
  );
}
