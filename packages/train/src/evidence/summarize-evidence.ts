/** The tables of an evaluation: shares with 95% intervals, and what is lost with length on the same questions. */
import { meanInterval, pairedBootstrap, wilsonInterval } from '@memagent/eval';
import type { ContestantScore, EvidenceRecord } from './evaluate-item.ts';

const seed = 42;

/** Contestants in the order of the tables, the one that the others are compared with first. */
const order = ['trained reread', 'trained', 'rule reread', 'rule', 'bm25'];

export function summarizeEvidence(lines: readonly EvidenceRecord[]): string {
  const records = joinLines(lines);
  const blocks: string[] = [];
  for (const filtered of [true, false]) {
    const own = records.filter((record) => record.filtered === filtered);
    if (own.length === 0) continue;
    const title = filtered ? 'Distractors with the answer left out' : 'All distractors';
    blocks.push(`${title}\n\n${mainTable(own)}`);
    const gains = gainTable(own);
    if (gains) blocks.push(`The first less the others, on the same questions\n\n${gains}`);
    const losses = lossTable(own);
    if (losses) blocks.push(`Lost with length, on the same questions\n\n${losses}`);
  }
  const sets = [...new Set(records.map(({ dataSet }) => dataSet))].toSorted();
  for (const set of sets) {
    const own = records.filter(({ dataSet, filtered }) => dataSet === set && filtered);
    if (own.length > 0) blocks.push(`${set}\n\n${mainTable(own)}`);
  }
  return blocks.join('\n\n');
}

/** What was read of one document at different times. */
function joinLines(lines: readonly EvidenceRecord[]): EvidenceRecord[] {
  const records = new Map<string, EvidenceRecord>();
  for (const line of lines) {
    const key = `${line.id} ${line.paragraphs} ${line.filtered}`;
    const scores = [...(records.get(key)?.scores ?? []), ...line.scores];
    records.set(key, { ...line, scores });
  }
  return [...records.values()];
}

function contestantsOf(records: readonly EvidenceRecord[]): string[] {
  const names = new Set(records.flatMap(({ scores }) => scores.map(({ contestant }) => contestant)));
  return order.filter((name) => names.has(name));
}

/** One row for each length and contestant, one column for each budget. */
function mainTable(records: readonly EvidenceRecord[]): string {
  const budgets = budgetsOf(records);
  const rows = [
    [
      'paragraphs',
      'tokens',
      'recycled',
      'n',
      'reader',
      ...budgets.flatMap((budget) => [`answer ${budget}`, `recall ${budget}`]),
    ],
  ];
  for (const paragraphs of distinct(records.map((record) => record.paragraphs))) {
    const same = records.filter((record) => record.paragraphs === paragraphs);
    for (const contestant of contestantsOf(records)) {
      const tested = same.filter(({ scores }) => scores.some((score) => score.contestant === contestant));
      if (tested.length === 0) continue;
      rows.push([
        String(paragraphs),
        String(Math.round(mean(tested.map(({ tokens }) => tokens)))),
        String(Math.round(mean(tested.map(({ recycled }) => recycled)))),
        String(tested.length),
        contestant,
        ...budgets.flatMap((budget) =>
          cells(tested.flatMap((record) => scoreOf(record, contestant, budget) ?? [])),
        ),
      ]);
    }
  }
  return table(rows);
}

function cells(scores: readonly ContestantScore[]): string[] {
  if (scores.length === 0) return ['', ''];
  const answers = scores.flatMap(({ answer }) => answer ?? []);
  const right = answers.filter(Boolean).length;
  const share = wilsonInterval(right, answers.length);
  const recalls = scores.map(({ recall }) => recall);
  const interval = meanInterval(recalls, { seed });
  return [
    `${percent(right / answers.length)} (${percent(share.low)} to ${percent(share.high)})`,
    `${percent(mean(recalls))} (${percent(interval.low)} to ${percent(interval.high)})`,
  ];
}

/** Answer in memory by the first contestant less that by another, question by question. */
function gainTable(records: readonly EvidenceRecord[]): string | undefined {
  const [first = '', ...others] = contestantsOf(records);
  const budgets = budgetsOf(records);
  const rows = [['paragraphs', 'against', ...budgets.map((budget) => `answer ${budget}`)]];
  for (const paragraphs of distinct(records.map((record) => record.paragraphs))) {
    const same = records.filter((record) => record.paragraphs === paragraphs);
    for (const other of others) {
      const columns = budgets.map((budget) =>
        difference(
          same.flatMap((record) => {
            const before = scoreOf(record, other, budget)?.answer;
            const after = scoreOf(record, first, budget)?.answer;
            if (before === undefined || after === undefined) return [];
            return [[Number(before), Number(after)] as const];
          }),
        ),
      );
      if (columns.some((column) => column !== '')) rows.push([String(paragraphs), other, ...columns]);
    }
  }
  return rows.length > 1 ? table(rows) : undefined;
}

function budgetsOf(records: readonly EvidenceRecord[]): number[] {
  return distinct(records.flatMap(({ scores }) => scores.map(({ budget }) => budget)));
}

/** The mean of the second less the first, with the interval of a paired bootstrap. */
function difference(pairs: readonly (readonly [number, number])[]): string {
  if (pairs.length === 0) return '';
  const found = pairedBootstrap(
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
    { seed },
  );
  return `${percent(found.difference)} (${percent(found.low)} to ${percent(found.high)}), n ${pairs.length}`;
}

/** Answer in memory at the longest documents less that at the shortest, question by question. */
function lossTable(records: readonly EvidenceRecord[]): string | undefined {
  const lengths = distinct(records.map(({ paragraphs }) => paragraphs));
  const [shortest] = lengths;
  if (shortest === undefined || lengths.length < 2) return undefined;
  const budgets = budgetsOf(records);
  const rows = [['reader', 'paragraphs', ...budgets.map((budget) => `answer ${budget}`)]];
  for (const contestant of contestantsOf(records)) {
    for (const length of lengths.slice(1)) {
      const columns = budgets.map((budget) =>
        difference(pairsOf(records, shortest, length, contestant, budget)),
      );
      if (columns.some((column) => column !== ''))
        rows.push([contestant, `${shortest} to ${length}`, ...columns]);
    }
  }
  return table(rows);
}

function pairsOf(
  records: readonly EvidenceRecord[],
  shortest: number,
  longest: number,
  contestant: string,
  budget: number,
): [number, number][] {
  const at = (paragraphs: number): Map<string, boolean> =>
    new Map(
      records
        .filter((record) => record.paragraphs === paragraphs)
        .flatMap((record) => {
          const answer = scoreOf(record, contestant, budget)?.answer;
          return answer === undefined ? [] : [[record.id, answer] as const];
        }),
    );
  const after = at(longest);
  return [...at(shortest)].flatMap(([id, before]) => {
    const later = after.get(id);
    return later === undefined ? [] : [[Number(before), Number(later)] as [number, number]];
  });
}

function scoreOf(
  { scores }: EvidenceRecord,
  contestant: string,
  budget: number,
): ContestantScore | undefined {
  return scores.find((score) => score.contestant === contestant && score.budget === budget);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function table(rows: readonly string[][]): string {
  const [head = [], ...rest] = rows;
  return [head, head.map(() => '---'), ...rest].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
