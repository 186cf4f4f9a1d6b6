import { formatLength, lengthOf } from '../length.ts';
import { recordsOf, type Summary } from '../summarize.ts';
import type { Table } from '../table.ts';

/** Every question that got no answer, with the command that shows its trace. */
export function failuresTable({ groups }: Pick<Summary, 'groups'>): Table {
  return {
    title: 'Failed questions',
    columns: [
      { title: 'item' },
      { title: 'length', isNumber: true },
      { title: 'read with' },
      { title: 'error' },
      { title: 'message', isProse: true },
      { title: 'trace' },
    ],
    rows: groups.flatMap((group) =>
      recordsOf([group]).flatMap((record) => {
        if (record.status === 'scored') return [];
        const length = lengthOf(record);
        return [
          [
            record.item,
            { text: formatLength(length), value: length?.value ?? -1 },
            group.series.label,
            record.error.code,
            record.error.message,
            { text: `memagent show ${record.runId}`, isCode: true },
          ],
        ];
      }),
    ),
  };
}
