import { costOf, findStrategy, prepareReading } from '@memagent/core';
import type { PlannedItem } from '../runner/run-evaluation.ts';
import type { Subject } from '../runner/subject.ts';

/** What an evaluation uses at most; lengths in paragraphs are estimated, retries are not foreseen. */
export interface PlanEstimate {
  /** Answers: items × subjects × strategies. */
  answers: number;
  /** Tokens of all documents, each counted once per strategy and subject. */
  documentTokens: number;
  calls: number;
  promptTokens: number;
  completionTokens: number;
  /** Where every subject has prices. */
  cost?: number;
}

/** Adds up what each strategy may use on each item. Makes no document and no call. */
export async function estimatePlan(
  items: readonly PlannedItem[],
  subjects: readonly Subject[],
  strategies: readonly string[],
): Promise<PlanEstimate> {
  const sum: PlanEstimate = { answers: 0, documentTokens: 0, calls: 0, promptTokens: 0, completionTokens: 0 };
  let cost: number | undefined = 0;
  for (const subject of subjects) {
    for (const name of strategies) {
      const strategy = findStrategy(name);
      const { window, settings } = await prepareReading(typicalQuestion, { ...subject.reading, strategy });
      for (const { tokens } of items) {
        sum.answers += 1;
        sum.documentTokens += tokens;
        if (settings.model === null) continue;
        const use = strategy.estimate({ sections: Math.ceil(tokens / window.sectionTokens), tokens }, window);
        sum.calls += use.calls;
        sum.promptTokens += use.promptTokens;
        sum.completionTokens += use.completionTokens;
        const prices = subject.session?.prices;
        cost = cost === undefined || !prices ? undefined : cost + costOf({ ...use, cachedTokens: 0 }, prices);
      }
    }
  }
  return cost === undefined || sum.calls === 0 ? sum : { ...sum, cost };
}

/** Only its length matters. */
const typicalQuestion = 'Which of the magazines was started first, and in which year was that?';
