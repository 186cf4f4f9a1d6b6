/**
 * A reader with a small trained policy instead of a language model: at each section it picks, in order, which
 * sentences of the memory and of the section the new memory holds. It quotes, and understands nothing beyond what
 * makes a sentence worth keeping. Given a language model, it reads alone and asks the model for the answer only.
 */
import { noUsage } from '../model/usage.ts';
import type { AnswerInput, Reader, StepContext, Update } from '../reader/reader.ts';
import type { Statistics } from '../reader/extractive-statistics.ts';
import { contentWords } from '../text/content-words.ts';
import { createTermCache } from '../text/term-cache.ts';
import { parseEvidenceMemory } from './evidence-memory.ts';
import { runNetwork } from './evidence-network.ts';
import { parseEvidenceQuestion } from './evidence-question.ts';
import { evidenceReaderSettings } from './evidence-reader-settings.ts';
import { type EvidenceStepInput, type EvidenceStepTools, prepareEvidenceStep } from './evidence-step.ts';
import { type EvidenceWeights, loadEvidenceWeights } from './evidence-weights.ts';
import { pickBest } from './pick-best.ts';
import { quoteAnswer } from './quote-answer.ts';
import { expectedCount, priorSentences, rarityOf } from './rarity.ts';
import { createLexicon, hashTerm } from './term-hash.ts';

export interface EvidenceReaderOptions {
  /** Default: those that come with the package. */
  weights?: EvidenceWeights;
  /** A reader that asks a language model: it gives the final answer from the memory that was read without it. */
  model?: Reader;
  /** How a section is cut into sentences; may remember what it cut. */
  sentencesOf?: EvidenceStepTools['sentencesOf'];
}

/** Creates the evidence reader. Its only state is a cache of word stems: any number of runs may share it. */
export async function createEvidenceReader({
  weights,
  model,
  sentencesOf,
}: EvidenceReaderOptions = {}): Promise<Reader> {
  const { tensors, sketch, version } = weights ?? (await loadEvidenceWeights());
  const lexicon = createLexicon();
  const terms = createTermCache();
  const tools: EvidenceStepTools = { lexicon, sketch, ...(sentencesOf ? { sentencesOf } : {}) };

  function step(input: EvidenceStepInput, context: StepContext): Update {
    context.signal.throwIfAborted();
    const { observation, write } = prepareEvidenceStep(input, tools, context);
    const memory = write(pickBest(runNetwork(observation, tensors)));
    return { memory, outcome: 'updated', usage: { ...noUsage } };
  }

  /** How common the terms of the question and of the memory are, at large and in what was read. */
  function statisticsOf({ question: asked, memory }: AnswerInput): Statistics {
    const question = parseEvidenceQuestion(asked, lexicon);
    const { sentences, counts, names } = parseEvidenceMemory(memory, question, lexicon);
    const words = new Set([...contentWords(asked), ...contentWords(memory.text)]);
    const countOf = (term: string): number => {
      const hash = hashTerm(term);
      const bit = question.bits.get(hash);
      const read = (bit === undefined ? names.get(hash) : counts[bit]) ?? 0;
      return read + expectedCount(rarityOf(hash, sketch));
    };
    return {
      sentences: sentences + priorSentences,
      counts: new Map(Array.from(words, (term) => [term, countOf(term)])),
    };
  }

  return {
    name: 'evidence',
    ...(model?.model ? { model: model.model } : {}),
    settings: evidenceReaderSettings(version, model),
    overhead(question, tokenizer) {
      const answer = model?.overhead(question, tokenizer).answer ?? 0;
      return { update: 0, merge: 0, answer };
    },
    update: async ({ question, memory, section }, context) =>
      step({ question, memories: [memory], section }, context),
    merge: async ({ question, memories }, context) => step({ question, memories }, context),
    answer: async (input, context) => {
      context.signal.throwIfAborted();
      return model ? model.answer(input, context) : quoteAnswer(input, statisticsOf(input), terms);
    },
  };
}
