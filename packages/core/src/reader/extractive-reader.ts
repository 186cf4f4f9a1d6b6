/**
 * A reader without a language model: the honest default for a first try and for tests. Its memory holds the
 * sentences of the document, word for word, that match the question best, and its answer is one to three of
 * them. It matches words, follows names for a second hop, and understands nothing: it neither computes nor
 * compares, and finds no answer that is worded in other words than the question and the names that lead to it.
 */
import { removeMarks } from '../citation/marked-sentences.ts';
import { MemagentError } from '../errors.ts';
import { noUsage } from '../model/usage.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { createTermCache } from '../text/term-cache.ts';
import { answerRule, chooseAnswer } from './extractive-answer.ts';
import { coverageRule } from './extractive-coverage.ts';
import { parseMemory, renderMemory, renderSentence, type Remembered } from './extractive-memory.ts';
import { pickSentences } from './extractive-pick.ts';
import { parseQuestion, type Question } from './extractive-question.ts';
import { extractiveRule, type Scored, scoreSentences } from './extractive-score.ts';
import { sentencesOf, type Sentence } from './extractive-sentence.ts';
import { addStatistics, countTerms } from './extractive-statistics.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Memory, Reader, StepContext, Update } from './reader.ts';

export interface ExtractiveReaderOptions {
  /** Which score an answer needs to count as found; 0: the best that there is, always. Default 0.32. */
  leastScore?: number;
}

/** Creates the extractive reader. Its only state is a cache of word stems: any number of runs may share it. */
export function createExtractiveReader({
  leastScore = answerRule.leastScore,
}: ExtractiveReaderOptions = {}): Reader {
  if (!(leastScore >= 0 && leastScore <= 1)) throw invalidLeastScore(leastScore);
  const terms = createTermCache();
  return {
    name: 'extractive',
    settings: { ...extractiveRule, ...answerRule, leastScore, coverage: coverageRule },
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),

    async update({ question: asked, memory, section }, context) {
      context.signal.throwIfAborted();
      const question = parseQuestion(asked, terms);
      const old = parseMemory(memory, terms);
      const read = sentencesOf(section.text, section.number, terms);
      return keepBest(
        {
          sentences: [...old.sentences, ...read],
          statistics: countTerms(old.statistics, read, question.terms),
        },
        question,
        context,
      );
    },

    async merge({ question: asked, memories }, context) {
      context.signal.throwIfAborted();
      const question = parseQuestion(asked, terms);
      const old = memories.map((memory) => parseMemory(memory, terms));
      return keepBest(
        {
          sentences: old.flatMap(({ sentences }) => sentences),
          statistics: addStatistics(
            old.map(({ statistics }) => statistics),
            question.terms,
          ),
        },
        question,
        context,
      );
    },

    async answer({ question: asked, memory, passages }, context) {
      context.signal.throwIfAborted();
      const question = parseQuestion(asked, terms);
      const { sentences, statistics } = parseMemory(memory, terms);
      const read = passages.flatMap(({ mark, text }) => sentencesOf(text, mark, terms));
      const { picked, score } = chooseAnswer(
        [...sentences, ...read],
        question,
        countTerms(statistics, read, question.terms),
      );
      const found = score >= leastScore;
      // Numbers in brackets that stand in the document itself would be read as section marks.
      const text = picked.map((one) => renderSentence({ ...one, text: removeMarks(one.text) })).join(' ');
      return { text: found ? text : notFoundPhrase, found, score, usage: { ...noUsage } };
    },
  };
}

/** Keeps the sentences that match best within the memory's budget, in the order of the document. */
function keepBest(all: Remembered, question: Question, { tokenizer, window }: StepContext): Update {
  const picked = pickSentences(
    scoreSentences(all.sentences, question, all.statistics),
    acceptWithin(window.memoryTokens, tokenizer),
  );
  let memory = renderPicked(all, picked, question);
  // A line may count more tokens beside its neighbours than alone, so the whole is counted once more.
  while (tokenizer.count(memory.text) > window.memoryTokens && picked.pop()) {
    memory = renderPicked(all, picked, question);
  }
  return { memory, outcome: 'updated', usage: { ...noUsage } };
}

/**
 * Takes sentences while they fit. Not a closure inside `keepBest`: V8 lets go of a function that was called
 * from optimised code only at its next full collection, and with that one all sentences of the section would
 * stay, which takes 200 MB more on a long document.
 */
function acceptWithin(
  budget: number,
  tokenizer: Tokenizer,
): (sentence: Sentence) => 'take' | 'pass' | 'stop' {
  const kept = new Set<string>();
  let left = budget;
  return (sentence) => {
    if (left < leastLineTokens) return 'stop';
    const tokens = kept.has(sentence.text) ? left + 1 : tokenizer.count(`${renderSentence(sentence)}\n`);
    if (tokens > left) return 'pass';
    kept.add(sentence.text);
    left -= tokens;
    return 'take';
  };
}

function renderPicked(all: Remembered, picked: readonly Scored[], question: Question): Memory {
  const keep = new Set(picked.map(({ sentence }) => sentence));
  const sentences = all.sentences.filter((one) => keep.has(one)).toSorted(byMark);
  return renderMemory({ ...all, sentences }, question);
}

function invalidLeastScore(leastScore: number): MemagentError {
  return new MemagentError(`The option leastScore is ${leastScore}. Give a number from 0 to 1.`, {
    code: 'invalid-option',
    data: { option: 'leastScore', received: leastScore },
  });
}

/** No sentence and mark worth keeping is shorter. */
const leastLineTokens = 6;

function byMark(a: Sentence, b: Sentence): number {
  return (a.marks[0] ?? 0) - (b.marks[0] ?? 0);
}
