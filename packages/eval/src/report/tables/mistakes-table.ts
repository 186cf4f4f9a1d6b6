import { formatPercent } from '../format-number.ts';
import { formatLength } from '../length.ts';
import type { Group, Summary } from '../summarize.ts';
import type { Cell, Table } from '../table.ts';

/** Shown of each task and series, so that a hard task does not crowd out the others. */
const shownOfEach = 3;

/** Answers below half of the full score, a few of each task and series, from short documents to long ones. */
export function mistakesTable({ groups }: Pick<Summary, 'groups'>): Table {
  return {
    title: 'Wrong answers',
    columns: [
      { title: 'item' },
      { title: 'length', isNumber: true },
      { title: 'read with' },
      { title: 'question', isProse: true },
      { title: 'wanted', isProse: true },
      { title: 'answered', isProse: true },
      { title: 'score %', isNumber: true },
      { title: 'evidence at end %', isNumber: true },
      { title: 'trace' },
    ],
    rows: [...Map.groupBy(groups, ({ task, series }) => `${task} ${series.label}`).values()].flatMap((own) =>
      spread(own.flatMap(mistakesOf)).map(({ record, series, length }): Cell[] => [
        record.item,
        { text: formatLength(length), value: length?.value ?? -1 },
        series.label,
        shorten(record.question),
        shorten(record.answers.join(' | ')) || 'that the document does not tell',
        shorten(record.prediction),
        { text: formatPercent(record.score), value: record.score },
        record.evidence.atEnd === null
          ? { text: '–', value: -1 }
          : { text: formatPercent(record.evidence.atEnd), value: record.evidence.atEnd },
        { text: `memagent show ${record.runId}`, isCode: true },
      ]),
    ),
  };
}

function mistakesOf({ records, series, length }: Group) {
  return records
    .filter((record) => record.status === 'scored')
    .filter(({ score }) => score < 0.5)
    .map((record) => ({ record, series, length }));
}

/** The first, the last, and what lies evenly between. */
function spread<Item>(items: readonly Item[]): Item[] {
  if (items.length <= shownOfEach) return [...items];
  const step = (items.length - 1) / (shownOfEach - 1);
  return Array.from({ length: shownOfEach }, (_, index) => items[Math.round(index * step)]!);
}

/** The trace has the rest. */
function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= 240 ? text : `${characters.slice(0, 239).join('')}…`;
}
