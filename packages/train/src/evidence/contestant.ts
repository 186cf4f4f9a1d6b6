/** One way of keeping a memory, fed with the sections of a document that several are compared on. */
import type { Memory, Reader, Section, StepContext } from '@memagent/core';

export interface Contestant {
  name: string;
  read(section: Section, context: StepContext): Promise<void>;
  /** The memory after the last section. */
  memory(budget: number): Promise<string>;
}

/** A reader with one memory for each budget. */
export function createReaderContestant(
  name: string,
  reader: Reader,
  question: string,
  budgets: readonly number[],
): Contestant {
  const memories = new Map<number, Memory>(budgets.map((budget) => [budget, { text: '' }]));
  return {
    name,
    async read(section, context) {
      for (const [memoryTokens, memory] of memories) {
        const input = { question, memory, section };
        const update = await reader.update(input, {
          ...context,
          window: { ...context.window, memoryTokens },
        });
        memories.set(memoryTokens, update.memory);
      }
    },
    memory: async (budget) => memories.get(budget)?.text ?? '',
  };
}
