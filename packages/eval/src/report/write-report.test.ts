import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EvalRecord } from '../runner/record.ts';
import { sampleRecords } from './sample-records.ts';
import { writeReport } from './write-report.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-report-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function writeResults(name: string, records: readonly EvalRecord[]): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir);
  await writeFile(
    join(dir, 'results.jsonl'),
    records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  );
  return dir;
}

it('reports on several folders at once, as a page, as Markdown and as pictures', async () => {
  const records = sampleRecords({ seed: 9, n: 1 }).filter(({ task }) => task === 'vt');
  const half = records.length / 2;
  const dirs = [
    await writeResults('a', records.slice(0, half)),
    await writeResults('b', records.slice(half)),
  ];
  const out = join(folder, 'new', 'report.html');
  const markdown = join(folder, 'report.md');
  const charts = join(folder, 'charts');

  const { summary, files } = await writeReport({ dirs, out, markdown, charts });

  expect(summary.groups.flatMap((group) => group.records)).toHaveLength(records.length);
  expect(await readFile(out, 'utf8')).toContain(`${records.length} answers (n)`);
  expect(await readFile(markdown, 'utf8')).toContain(`${records.length} answers (n)`);
  const pictures = await readdir(charts);
  expect(files.toSorted()).toEqual([out, markdown, ...pictures.map((name) => join(charts, name))].toSorted());
  expect(pictures.filter((name) => name.startsWith('accuracy-by-length-vt')).toSorted()).toEqual([
    'accuracy-by-length-vt-dark.png',
    'accuracy-by-length-vt-dark.svg',
    'accuracy-by-length-vt.png',
    'accuracy-by-length-vt.svg',
  ]);
});

it('names the folder that has no results', async () => {
  const dirs = [await writeResults('a', sampleRecords({ seed: 9, n: 1 })), join(folder, 'missing')];
  await expect(writeReport({ dirs, out: join(folder, 'report.html') })).rejects.toThrow(
    `There are no results in ${join(folder, 'missing')}`,
  );
});
