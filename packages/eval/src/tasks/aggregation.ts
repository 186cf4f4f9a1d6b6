/**
 * Questions that every line of the document bears upon (after OOLONG, arXiv 2511.02817): how many records have a
 * label, what their amounts add up to, which label is the most frequent. Frequencies of labels are close to each
 * other, so that a sample does not tell.
 */
import type { Random } from '../documents/random.ts';
import { createPairs } from '../documents/vocabulary.ts';
import type { MetricName } from '../metrics/metric.ts';
import { defineTask } from './define-task.ts';
import { fillRoom } from './fill-room.ts';
import type { Task } from './task.ts';

interface LabelledRecord {
  text: string;
  label: string;
  amount: number;
}

interface Totals {
  records: number;
  amount: number;
}

interface Kind {
  name: string;
  description: string;
  metric: MetricName;
  question: (label: string, labels: string) => string;
  /** The right answers for the label that is asked for. */
  answers: (totals: ReadonlyMap<string, Totals>, label: string) => string[];
}

const kinds: readonly Kind[] = [
  {
    name: 'aggregation_count',
    description: 'How many of all records have a label.',
    metric: 'number-closeness',
    question: (label) => `How many records of the list have the label ${label}? Give the number.`,
    answers: (totals, label) => [String(totals.get(label)?.records ?? 0)],
  },
  {
    name: 'aggregation_sum',
    description: 'What the amounts of all records with a label add up to.',
    metric: 'number-closeness',
    question: (label) =>
      `What do the amounts of all records with the label ${label} add up to? Give the number.`,
    answers: (totals, label) => [String(totals.get(label)?.amount ?? 0)],
  },
  {
    name: 'aggregation_most_frequent',
    description: 'The most frequent label of all records.',
    metric: 'lenient-match',
    question: (_label, labels) =>
      `Which label do the most records of the list have: ${labels}? Give the word.`,
    answers: (totals) => {
      const most = Math.max(...[...totals.values()].map(({ records }) => records));
      return [...totals].filter(([, { records }]) => records === most).map(([label]) => label);
    },
  },
];

export const aggregationTasks: readonly Task[] = Object.freeze(kinds.map(createAggregation));

function createAggregation({ name, description, metric, question: questionFor, answers }: Kind): Task {
  return defineTask({
    name,
    description,
    metric,
    outputTokens: 32,
    parameters: { labels: { default: 6, least: 2, most: 40, description: 'Labels in all.' } },
    async draft({ materials, random, room, parameters }) {
      const vocabulary = await materials.vocabulary();
      const companies = createPairs(vocabulary, random('companies'));
      const labels = random('labels').sample(vocabulary.nouns, parameters.labels);
      const asked = random('asked').pick(labels);
      const question = questionFor(asked, new Intl.ListFormat('en', { type: 'disjunction' }).format(labels));
      const records = (): Iterable<LabelledRecord> => createRecords(labels, companies, random('records'));
      const { spans: _spans, ...document } = fillRoom(room(question), {
        filler: () => textsOf(records()),
        inserts: [],
        joiner: '\n',
      });
      return {
        question,
        answers: answers(addUp(records(), document.fillers), asked),
        ...document,
        evidence: [{ start: 0, end: document.characters }],
        meta: { records: document.fillers },
      };
    },
  });
}

/** Records without end. The first label is half as frequent as one after the last would be. */
function* createRecords(
  labels: readonly string[],
  companies: (index: number) => string,
  random: Random,
): Generator<LabelledRecord> {
  const urn = labels.flatMap((label, index) => Array.from({ length: labels.length + index }, () => label));
  for (let index = 0; ; index++) {
    const label = random.pick(urn);
    const amount = random.between(1, 99);
    const text = `Record ${index + 1}: company ${companies(index)}, label ${label}, amount ${amount}.`;
    yield { text, label, amount };
  }
}

function* textsOf(records: Iterable<LabelledRecord>): Generator<string> {
  for (const { text } of records) yield text;
}

function addUp(records: Iterable<LabelledRecord>, count: number): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  let index = 0;
  for (const { label, amount } of records) {
    if (index++ === count) break;
    const known = totals.get(label) ?? { records: 0, amount: 0 };
    totals.set(label, { records: known.records + 1, amount: known.amount + amount });
  }
  return totals;
}
