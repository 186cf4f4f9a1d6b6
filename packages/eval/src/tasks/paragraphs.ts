/**
 * A question of a data set whose own paragraphs lie among others: RULER's two question-answering tasks, and the
 * same over four data sets by number of paragraphs, as MemAgent's RULER-HotpotQA. Paragraphs are numbered, with
 * their titles, in random order. The item's own misleading paragraphs come first, then the pool's in random
 * order. A pool that is used up begins again, in another order.
 */
import { distractorsFor } from '../documents/distractors-for.ts';
import type { Insert } from '../documents/fill-document.ts';
import type { QuestionSetName } from '../documents/materials.ts';
import type { Paragraph, PooledQuestion } from '../documents/question-set.ts';
import { createRandom, type Random } from '../documents/random.ts';
import type { MetricName } from '../metrics/metric.ts';
import { type Brief, defineTask, type Draft } from './define-task.ts';
import { fillRoom } from './fill-room.ts';
import type { Room } from './room.ts';
import type { Task } from './task.ts';

const joiner = '\n\n';

const label = (number: number): string => `Document ${number}:\n`;

export const paragraphTasks: readonly Task[] = Object.freeze([
  createParagraphTask('qa_1', 'squad', 'string-match-part', 'RULER: a SQuAD question among paragraphs.'),
  createParagraphTask(
    'qa_2',
    'hotpotqa',
    'string-match-part',
    'RULER: a HotpotQA question among paragraphs.',
  ),
  createParagraphTask(
    'ruler_hotpotqa',
    'hotpotqa',
    'lenient-match',
    "MemAgent's: a HotpotQA question among N paragraphs.",
  ),
  createParagraphTask('ruler_squad', 'squad', 'lenient-match', 'A SQuAD question among N paragraphs.'),
  createParagraphTask(
    'ruler_musique',
    'musique',
    'lenient-match',
    'A MuSiQue question of 2 to 4 hops among N paragraphs.',
  ),
  createParagraphTask(
    'ruler_2wikimultihopqa',
    '2wikimultihopqa',
    'lenient-match',
    'A 2WikiMultihopQA question among N paragraphs.',
  ),
]);

function createParagraphTask(
  name: string,
  questions: QuestionSetName,
  metric: MetricName,
  description: string,
): Task {
  return defineTask({
    name,
    description,
    metric,
    outputTokens: 32,
    questions,
    parameters: {},
    draft: (brief) => draftQuestion(questions, brief),
  });
}

async function draftQuestion(name: QuestionSetName, brief: Brief): Promise<Draft> {
  const { questions, pool } = await brief.materials.questions(name);
  const asked = questionAt(questions, brief);
  const room = brief.room(asked.question);
  const others = distractorsFor(asked, pool);
  const own = [...asked.supporting, ...misleadingThatFit(asked, room)];
  const places = brief.random('places');
  const inserts = own.map((paragraph): Insert => ({ text: textOf(paragraph), depth: places.fraction() }));
  const { spans, fillers, ...document } = fillRoom(room, {
    filler: () => repeatShuffled(others, brief.random('distractors')),
    inserts,
    joiner,
    label,
  });
  return {
    question: asked.question,
    answers: asked.answers,
    ...document,
    evidence: spans.slice(0, asked.supporting.length).toSorted((a, b) => a.start - b.start),
    meta: {
      source: asked.id,
      paragraphs: own.length + fillers,
      recycled: Math.max(0, fillers - others.length),
    },
  };
}

/** Each question once before any comes again; the same order for all items of a seed. */
function questionAt(questions: readonly PooledQuestion[], { index, seed }: Brief): PooledQuestion {
  const order = createRandom(`questions ${seed}`).shuffle(questions);
  return order[index % order.length] as PooledQuestion;
}

/** As many of the item's own misleading paragraphs as find room beside the supporting ones. */
function misleadingThatFit(
  { supporting, distractors }: PooledQuestion,
  { limit, weigher }: Room,
): Paragraph[] {
  if ('units' in limit) return distractors.slice(0, Math.max(0, limit.units - supporting.length));
  const costOf = (paragraph: Paragraph): number =>
    weigher.tokens(weigher.weigh(joiner + label(1_000_000) + textOf(paragraph), false));
  let open = limit.tokens - supporting.reduce((sum, paragraph) => sum + costOf(paragraph), 0);
  return distractors.filter((paragraph) => (open -= costOf(paragraph)) >= 0);
}

function* repeatShuffled(paragraphs: readonly Paragraph[], random: Random): Generator<string> {
  for (;;) {
    for (const paragraph of random.shuffle(paragraphs)) yield textOf(paragraph);
  }
}

function textOf({ title, text }: Paragraph): string {
  return title === '' ? text : `${title}\n${text}`;
}
