import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments, joinPassages, type Passage } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const turn = z.object({
  role: z.string(),
  content: z.string(),
  has_answer: z.boolean().optional(),
});
const row = z.object({
  question_id: z.string(),
  question_type: z.string(),
  question: z.string(),
  answer: z.union([z.string(), z.number()]),
  question_date: z.string(),
  haystack_dates: z.array(z.string()),
  haystack_session_ids: z.array(z.string()),
  haystack_sessions: z.array(z.array(turn)),
  answer_session_ids: z.array(z.string()),
});

type LongMemEvalRow = z.output<typeof row>;

/** LongMemEval's default `gen_length`. */
const longMemEvalOutputTokens = 500;

export const longMemEval: DataSet = {
  name: 'longmemeval',
  description:
    'LongMemEval: 500 questions over a history of chats with an assistant: the evidence alone (oracle), about 40 sessions (S, 115,000 tokens) or about 500 (M, 1.5 million).',
  licence: 'MIT',
  homepage: 'https://github.com/xiaowu0162/LongMemEval',
  get: 'Download longmemeval_oracle.json, longmemeval_s_cleaned.json or longmemeval_m_cleaned.json from https://huggingface.co/datasets/xiaowu0162/longmemeval-cleaned.',
  files: [
    {
      name: 'longmemeval_<oracle|s_cleaned|m_cleaned>.json',
      holds:
        'an array of objects with question_id, question_type, question, answer, question_date, haystack_dates, haystack_session_ids, haystack_sessions, answer_session_ids',
    },
  ],
  scoring:
    'Published: a language model judges each reply. Here: lenient match (the answer, word for word, in the reply), which is stricter, so scores are lower and not comparable with published ones; abstention for questions whose id ends in _abs. Left out: single-session-preference, whose answers are descriptions for the judge.',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'longmemeval', schema: row, toItems }, options);
  },
};

function* toItems(value: LongMemEvalRow): Generator<EvalItem | Skip> {
  const { question_id, question_type, question, question_date, answer } = value;
  const { haystack_sessions, haystack_dates, haystack_session_ids } = value;
  if (
    haystack_sessions.length !== haystack_dates.length ||
    haystack_sessions.length !== haystack_session_ids.length
  ) {
    const reason = `${haystack_sessions.length} sessions, but ${haystack_dates.length} dates and ${haystack_session_ids.length} ids`;
    return yield { kind: 'bad', reason };
  }
  const unanswerable = question_id.endsWith('_abs');
  const scoring = longMemEvalScoring(question_type, [String(answer)], unanswerable);
  if ('reason' in scoring) return yield scoring;
  yield createItem(
    {
      id: `longmemeval/${question_id}`,
      task: 'longmemeval',
      question: `Today is ${question_date}. ${question}`,
      ...scoring,
      meta: { type: question_type, sessions: haystack_sessions.length },
    },
    joinSessions(value, unanswerable),
  );
}

/** Metric and answers of a question, also where it comes in another format. */
export function longMemEvalScoring(
  type: string,
  answers: readonly string[],
  unanswerable: boolean,
): Pick<EvalItem, 'metric' | 'answers' | 'outputTokens' | 'unanswerable'> | Skip {
  const outputTokens = longMemEvalOutputTokens;
  if (unanswerable) return { metric: 'abstention', answers: [], unanswerable, outputTokens };
  if (type === 'single-session-preference') {
    return { kind: 'unsupported', reason: `${type} needs a judge: its answer describes good replies` };
  }
  return { metric: 'lenient-match', answers, outputTokens };
}

/**
 * The sessions in the order of their dates, as LongMemEval's own script reads them (the oracle file is not sorted),
 * each under its date. The evidence is the turns marked `has_answer`, or the whole session where none is.
 */
function joinSessions(value: LongMemEvalRow, unanswerable: boolean): Passage {
  const evidence = new Set(unanswerable ? [] : value.answer_session_ids);
  const sessions = value.haystack_sessions.map((turns, index) => ({
    turns,
    date: value.haystack_dates[index] ?? '',
    isEvidence: evidence.has(value.haystack_session_ids[index] ?? ''),
  }));
  return joinDocuments(
    sessions
      .toSorted((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)))
      .map(({ turns, date, isEvidence }) => {
        const isMarked = turns.some((said) => said.has_answer === true);
        const passages = turns.map(({ role, content, has_answer }) =>
          createPassage(`${role}: ${content}`, isEvidence && (has_answer === true || !isMarked)),
        );
        return addTitle(date, joinPassages(passages, '\n'));
      }),
  );
}
