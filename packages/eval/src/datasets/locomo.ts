import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import {
  addTitle,
  createPassage,
  joinDocuments,
  joinPassages,
  keepEvidence,
  type Passage,
} from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { readAllRows } from './rows/read-all-rows.ts';

const turn = z.object({
  speaker: z.string(),
  dia_id: z.string(),
  text: z.string(),
  blip_caption: z.string().optional(),
});
const question = z.object({
  question: z.string(),
  answer: z.union([z.string(), z.number()]).optional(),
  category: z.number(),
  evidence: z.array(z.string()),
});
const row = z.object({
  sample_id: z.string(),
  /** Also the speakers' names and the sessions' dates; sessions are checked where they are used. */
  conversation: z.record(z.string(), z.unknown()),
  qa: z.array(question),
});

type Turn = z.output<typeof turn>;
type Question = z.output<typeof question>;

const categories: Readonly<Record<number, string>> = {
  1: 'multi-hop',
  2: 'temporal',
  3: 'open-domain',
  4: 'single-hop',
  5: 'adversarial',
};

/** Room for one answer in LoCoMo's scripts (`PER_QA_TOKEN_BUDGET`). */
const locomoOutputTokens = 50;

export const locomo: DataSet = {
  name: 'locomo',
  description:
    'LoCoMo: about 2,000 questions over ten conversations of two people, 19 to 32 sessions each, told in order with their dates.',
  licence: 'CC BY-NC 4.0: not for commercial use.',
  homepage: 'https://github.com/snap-research/locomo',
  get: 'Download data/locomo10.json from https://github.com/snap-research/locomo.',
  files: [
    {
      name: 'locomo10.json',
      holds: 'an array of objects with sample_id, conversation (session_<n>, session_<n>_date_time), qa',
    },
  ],
  scoring:
    'F1 for answers (as SQuAD; LoCoMo also stems the words, and takes the parts of a multi-hop answer one by one), and only what stands before the semicolon for open-domain ones. Adversarial questions: abstention, where LoCoMo looks for "no information available" or "not mentioned". A shared picture is its caption in brackets.',
  async *load(files, options) {
    yield* loadRows(readAllRows(files), { dataSet: 'locomo', schema: row, toItems }, options);
  },
};

function* toItems({ sample_id, conversation, qa }: z.output<typeof row>): Generator<EvalItem | Skip> {
  const sessions = sessionsOf(conversation);
  if ('reason' in sessions) return yield sessions;
  const document = joinSessions(sessions);
  const placeOf = new Map(sessions.flatMap(({ turns }) => turns).map(({ dia_id }, index) => [dia_id, index]));
  for (const [index, asked] of qa.entries()) {
    const type = categories[asked.category];
    const scoring = type === undefined ? undefined : locomoScoring(type, answersOf(type, asked));
    if (type === undefined || !scoring) {
      const reason = `question ${index + 1} has category ${asked.category} and ${asked.answer === undefined ? 'no' : 'an'} answer; expected a category from 1 to 5 and, but for 5, an answer`;
      yield { kind: 'bad', reason };
      continue;
    }
    yield createItem(
      {
        id: `locomo/${sample_id}/${index + 1}`,
        task: 'locomo',
        question: asked.question,
        ...scoring,
        meta: { type, conversation: sample_id },
      },
      keepEvidence(document, new Set(scoring.unanswerable ? [] : turnsNamed(asked.evidence, placeOf))),
    );
  }
}

/** Metric and answers of a question, also where it comes in another format; undefined where its answer is missing. */
export function locomoScoring(
  type: string,
  answers: readonly string[],
): Pick<EvalItem, 'metric' | 'answers' | 'outputTokens' | 'unanswerable'> | undefined {
  if (type === 'adversarial') {
    return { metric: 'abstention', answers: [], unanswerable: true, outputTokens: locomoOutputTokens };
  }
  return answers.length === 0 ? undefined : { metric: 'f1', answers, outputTokens: locomoOutputTokens };
}

function answersOf(type: string, { answer }: Question): string[] {
  if (answer === undefined) return [];
  const text = String(answer);
  return [type === 'open-domain' ? (text.split(';')[0] ?? text).trim() : text];
}

interface Session {
  title: string;
  turns: readonly Turn[];
}

function sessionsOf(conversation: Readonly<Record<string, unknown>>): Session[] | Skip {
  const sessions: Session[] = [];
  for (let number = 1; ; number += 1) {
    const turns = conversation[`session_${number}`];
    if (turns === undefined) break;
    const parsed = z.array(turn).safeParse(turns);
    if (!parsed.success) {
      return { kind: 'bad', reason: `session_${number} is no list of turns with speaker, dia_id, text` };
    }
    const date = conversation[`session_${number}_date_time`];
    sessions.push({
      title: `Session ${number}${typeof date === 'string' ? `, ${date}` : ''}`,
      turns: parsed.data,
    });
  }
  return sessions.length > 0 ? sessions : { kind: 'bad', reason: 'the conversation has no session_1' };
}

/** The conversation as one text; every turn is marked. */
function joinSessions(sessions: readonly Session[]): Passage {
  return joinDocuments(
    sessions.map(({ title, turns }) =>
      addTitle(
        title,
        joinPassages(
          turns.map((spoken) => createPassage(textOf(spoken), true)),
          '\n',
        ),
      ),
    ),
  );
}

function textOf({ speaker, text, blip_caption }: Turn): string {
  return `${speaker}: ${text}${blip_caption === undefined ? '' : ` [shares ${blip_caption}]`}`;
}

/** The places of the turns that an evidence list names. The file also has `D8:6; D9:17`, `D9:1 D4:4` and `D:11:26` in one entry. */
function turnsNamed(evidence: readonly string[], placeOf: ReadonlyMap<string, number>): number[] {
  return [...evidence.join(' ').matchAll(/D:?(\d+):(\d+)/g)].flatMap(([, session, number]) => {
    const place = placeOf.get(`D${Number(session)}:${Number(number)}`);
    return place === undefined ? [] : [place];
  });
}
