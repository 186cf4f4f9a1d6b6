/** One question in one document, read by several contestants at several budgets in one pass of the agent. */
import { createMemoryRunStore, noUsage, read, type Reader, type Tokenizer } from '@memagent/core';
import type { Contestant } from './contestant.ts';
import type { EvidenceQuestionRow } from './evidence-data.ts';
import { type DocumentRequest, makeEvidenceDocument } from './evidence-document.ts';
import { createMemoryScorer } from './evidence-reward.ts';

/** A line of the results. */
export interface EvidenceRecord {
  id: string;
  dataSet: string;
  paragraphs: number;
  filtered: boolean;
  /** How many of the paragraphs nearest to the question were put among them; 0 where it is missing. */
  near?: number;
  recycled: number;
  tokens: number;
  sections: number;
  scores: readonly ContestantScore[];
}

export interface ContestantScore {
  contestant: string;
  budget: number;
  /** Undefined where the answer cannot be looked for. */
  answer?: boolean;
  recall: number;
  /** Tokens of the final memory. */
  memoryTokens: number;
}

export interface EvidenceItem extends DocumentRequest {
  budgets: readonly number[];
  contestants: readonly Contestant[];
  tokenizer: Tokenizer;
  /** What is read in which order. Default: `memory`. */
  strategy?: string;
}

export async function evaluateItem(item: EvidenceItem): Promise<EvidenceRecord> {
  const { row, paragraphs, filtered, budgets, contestants, tokenizer, strategy = 'memory' } = item;
  const { text, recycled } = makeEvidenceDocument(item);
  const reader: Reader = {
    name: 'contestants',
    settings: null,
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),
    async update({ section }, context) {
      for (const contestant of contestants) await contestant.read(section, context);
      return { memory: { text: '' }, outcome: 'updated', usage: { ...noUsage } };
    },
    merge: () => Promise.reject(new Error('Nothing is merged.')),
    answer: async () => ({ text: '', found: false, usage: { ...noUsage } }),
  };
  const store = createMemoryRunStore();
  const { tokens, sections } = await read({
    question: row.question,
    source: { text },
    reader,
    strategy,
    tokenizer,
    store,
  }).result;
  await store.close();
  const score = createMemoryScorer(row);
  const scores: ContestantScore[] = [];
  for (const contestant of contestants) {
    for (const budget of budgets) {
      const memory = await contestant.memory(budget);
      const { answer, recall } = score(memory);
      const memoryTokens = tokenizer.count(memory);
      scores.push({
        contestant: contestant.name,
        budget,
        ...(answer === undefined ? {} : { answer }),
        recall,
        memoryTokens,
      });
    }
  }
  return { id: idOf(row), dataSet: row.dataSet, paragraphs, filtered, recycled, tokens, sections, scores };
}

/** Names a question over all data sets. */
export function idOf({ dataSet, id }: EvidenceQuestionRow): string {
  return `${dataSet}/${id}`;
}
