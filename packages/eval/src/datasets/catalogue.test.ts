import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { addDataSet, listDataSets } from './catalogue.ts';
import { dataSets } from './data-sets.ts';
import { fixture, sample } from './sample-files.ts';

let home: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
  home = join(folder, 'not', 'yet', 'there');
  onTestFinished(() => rm(folder, { recursive: true }));
});

describe('addDataSet', () => {
  it('remembers the files, which the list then shows', async () => {
    const files = [sample('hotpotqa.json')];
    const added = await addDataSet(home, 'hotpotqa', files, { now: () => 1_000 });
    expect(added).toEqual({ files, addedAt: 1_000, checkedItems: 4, skipped: [] });

    const list = await listDataSets(home);
    expect(list.map(({ dataSet }) => dataSet)).toEqual(dataSets);
    expect(list.filter((entry) => entry.added)).toEqual([
      {
        dataSet: expect.objectContaining({ name: 'hotpotqa' }),
        added: { files, addedAt: 1_000 },
        missing: [],
      },
    ]);
  });

  it('keeps the others, and puts new files in the place of old ones', async () => {
    await addDataSet(home, 'hotpotqa', [sample('hotpotqa.json')]);
    await addDataSet(home, 'musique', [sample('musique.jsonl')]);
    await addDataSet(home, 'hotpotqa', [sample('hotpotqa.parquet')]);
    const added = (await listDataSets(home)).filter((entry) => entry.added);
    expect(added.map((entry) => entry.added?.files)).toEqual([
      [sample('hotpotqa.parquet')],
      [sample('musique.jsonl')],
    ]);
    expect(await readdir(home)).toEqual(['datasets.json']);
  });

  it('lists rows that it had to pass over', async () => {
    const { checkedItems, skipped } = await addDataSet(home, 'longbench-v1', [fixture('longbench-v1')]);
    expect({ checkedItems, skipped: skipped.length }).toEqual({ checkedItems: 8, skipped: 2 });
  });

  it('checks the first items alone', async () => {
    const { checkedItems } = await addDataSet(home, 'squad', [sample('squad.json')]);
    expect(checkedItems).toBe(20);
  });

  it('refuses files of another data set, and remembers nothing', async () => {
    await expect(addDataSet(home, 'locomo', [sample('hotpotqa.json')])).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('expected an object with sample_id, conversation, qa'),
    });
    expect((await listDataSets(home)).filter((entry) => entry.added)).toEqual([]);
  });

  it('refuses an unknown name, and no files', async () => {
    await expect(addDataSet(home, 'hotpot', [])).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(addDataSet(home, 'locomo', [])).rejects.toThrow(
      'Data set locomo: no files were given. Give the paths of locomo10.json.',
    );
  });
});

describe('listDataSets', () => {
  it('knows every data set, and none of the files of a new home', async () => {
    const list = await listDataSets(home);
    expect(list).toEqual(dataSets.map((dataSet) => ({ dataSet, missing: [] })));
  });

  it('names files that have gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'musique.jsonl');
    await writeFile(file, await readFile(sample('musique.jsonl')));
    await addDataSet(home, 'musique', [file]);
    await rename(file, `${file}.old`);
    const entry = (await listDataSets(home)).find(({ dataSet }) => dataSet.name === 'musique');
    expect(entry?.missing).toEqual([file]);
  });

  it('says which file to mend', async () => {
    await addDataSet(home, 'musique', [sample('musique.jsonl')]);
    await writeFile(join(home, 'datasets.json'), '{"version": 2}');
    await expect(listDataSets(home)).rejects.toMatchObject({
      code: 'source-unreadable',
      data: { file: join(home, 'datasets.json') },
    });
  });
});
