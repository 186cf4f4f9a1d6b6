import type { Table } from '@memagent/eval/report';
import type { TrainingConfig } from '../trainer/training-config.ts';

/** The run's configuration, a row for each setting: nested ones by their path, as `--set` takes them. */
export function settingsTable(config: TrainingConfig): Table {
  return {
    title: 'Settings',
    columns: [{ title: 'setting' }, { title: 'value' }],
    rows: rowsOf(config, '').map(([name, value]) => [{ text: name, isCode: true }, value]),
  };
}

function rowsOf(part: object, prefix: string): [name: string, value: string][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === 'object' && value !== null
      ? rowsOf(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value === null ? 'none' : String(value)]],
  );
}
