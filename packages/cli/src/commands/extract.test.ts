import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';

let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer();
});
afterAll(() => server.close());

const folder = createFolder();
const cli = createCli({ cwd: folder });
const withModel = () => ['-b', server.baseUrl, '-m', 'loopback', '--tokenizer', 'o200k_base'];

const schema = {
  type: 'object',
  properties: { name: { type: 'string' }, year: { type: 'integer' }, note: { type: 'string' } },
  required: ['name', 'year'],
  additionalProperties: false,
};
const keepers = Array.from({ length: 9 }, (_, index) => ({ name: `Keeper ${index}`, year: 1800 + index }));
const rain = 'It rained all day, and nobody came to the lighthouse. '.repeat(12);
const document = keepers.map(({ name, year }) => `${rain}\n\nName: ${name}; year: ${year}\n\n`).join('');
writeFileSync(join(folder, 'schema.json'), JSON.stringify(schema));
writeFileSync(join(folder, 'keepers.txt'), document);

const args = (...more: string[]) => [
  'extract',
  'keepers.txt',
  '--schema',
  'schema.json',
  '--section-tokens',
  '200',
  ...withModel(),
  ...more,
];

interface Line {
  record: { name: string; year: number };
  fields: { [field: string]: { citations: { source: string; start: number; end: number }[] }[] };
}

const parseLines = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as Line);

test('standard output has a record per line, each value with its place in the file', async () => {
  const { code, stdout, stderr } = await cli(args());
  expect(code).toBe(0);
  const lines = parseLines(stdout);
  expect(lines.map(({ record }) => record)).toEqual(keepers);
  for (const { record, fields } of lines) {
    const [{ source, start, end } = { source: '', start: 0, end: 0 }] = fields['name']?.[0]?.citations ?? [];
    expect([source, document.slice(start, end)]).toEqual(['keepers.txt', record.name]);
  }
  expect(stderr).toContain('Collecting records of keepers.txt with');
  expect(stderr).toContain('9 records from 9 mentions');
  const bodies = server.requests.map(({ body }) => body as { response_format?: { type: string } });
  expect(bodies.at(-1)?.response_format?.type).toBe('json_schema');
});

test('--out writes a table, with values in conflict side by side', async () => {
  writeFileSync(
    join(folder, 'two.txt'),
    `Name: Ada, the "elder"; year: 1874\n\n${rain}\n\nName: Ada the elder; year: 1875; note: left\n\n`,
  );
  const argv = [
    'extract',
    'two.txt',
    '--schema',
    'schema.json',
    '--key',
    'name',
    '--out',
    'two.csv',
    ...withModel(),
  ];
  const { code, stdout, stderr } = await cli(argv);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('1 record from 2 mentions, 1 with values in conflict, in ');
  expect(readFileSync(join(folder, 'two.csv'), 'utf8')).toBe(
    [
      'name,year,note,_conflicts,_unsupported,_mentions,_source,_start,_end',
      '"Ada, the ""elder""",1874,left,year: 1874 | 1875,,2,two.txt,6,22',
      '',
    ].join('\r\n'),
  );
  expect(existsSync(join(folder, 'two.csv.part'))).toBe(false);
});

test('--json prints the result, --events the events', async () => {
  const asJson = await cli(args('--json', '--out', 'records.jsonl', '-q'));
  expect(asJson).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ extraction: { records: 9, dropped: { pieces: 0 } } });
  expect(parseLines(readFileSync(join(folder, 'records.jsonl'), 'utf8'))).toHaveLength(9);
  const asEvents = await cli(args('--events', '-q'));
  const types = asEvents.stdout
    .trimEnd()
    .split('\n')
    .map((one) => (JSON.parse(one) as { type: string }).type);
  expect(types).toEqual(expect.arrayContaining(['records-extracted', 'records-merged', 'run-end']));
});

test('a run that stopped goes on with resume, and writes to the file that it was to write to', async () => {
  const stopped = await cli(args('--out', 'later.jsonl', '--max-tokens', '8000', '--concurrency', '1'));
  expect(stopped.code).toBe(4);
  expect(stopped.stderr).toContain('at its limit --max-tokens = 8000');
  expect(existsSync(join(folder, 'later.jsonl'))).toBe(false);
  const resumed = await cli(['resume', 'last']);
  expect(resumed).toMatchObject({ code: 0, stdout: '' });
  expect(parseLines(readFileSync(join(folder, 'later.jsonl'), 'utf8')).map(({ record }) => record)).toEqual(
    keepers,
  );
  const again = await cli(['resume', 'last', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ answer: '9 records from 9 mentions' });
  const shown = await cli(['show', 'last']);
  expect(shown.stdout).toContain('9 records from 9 mentions');
  expect(shown.stdout).toMatch(/Section \d+ · 1 record · 1 added · 9 so far/);
});

test('records that do not follow the schema are named, and the exit code is 4', async () => {
  const path = join(folder, 'odd.txt');
  writeFileSync(path, 'Name: Ada; year: 1874\n\nName: Bo; year: unknown\n\n');
  const { code, stdout, stderr } = await cli(['extract', path, '--schema', 'schema.json', ...withModel()]);
  expect(code).toBe(4);
  expect(parseLines(stdout).map(({ record }) => record.name)).toEqual(['Ada']);
  expect(stderr).toContain('Missing from section 1: record 2: /year must be integer');
});

test('a document without records ends with 3', async () => {
  const { code, stdout } = await cli(['extract', '--schema', 'schema.json', ...withModel()], { stdin: rain });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
});

test('--estimate says what it would use, and asks nothing', async () => {
  const before = server.stats.requests;
  const { code, stdout } = await cli(args('--estimate', '--json'));
  expect(code).toBe(0);
  const { sections, calls, strategy } = JSON.parse(stdout) as Record<string, number | string>;
  expect({ calls, strategy }).toEqual({ calls: sections, strategy: 'extract' });
  expect(server.stats.requests).toBe(before);
});

mkdirSync(join(folder, 'folder.jsonl'));
writeFileSync(join(folder, 'list.json'), '[1]');
writeFileSync(join(folder, 'text.json'), '{ "type": "string" }');
writeFileSync(join(folder, 'odd.json'), '{ "type": "object", "properties": { "a": { "type": "texts" } } }');

test.each([
  ['no schema', ['extract', 'keepers.txt'], /--schema <file>/],
  [
    'a schema that is not there',
    ['extract', 'keepers.txt', '--schema', 'none.json'],
    /Cannot read the schema none\.json/,
  ],
  [
    'a schema that is no JSON',
    ['extract', 'keepers.txt', '--schema', 'keepers.txt'],
    /Cannot read the schema/,
  ],
  ['a schema that is a list', ['extract', 'keepers.txt', '--schema', 'list.json'], /is no JSON object/],
  [
    'a document that is not there',
    ['extract', 'none.txt', '--schema', 'schema.json'],
    /There is no file or folder "none.txt"/,
  ],
  [
    'another kind of file',
    ['extract', 'keepers.txt', '--schema', 'schema.json', '--out', 'a.xlsx'],
    /\.jsonl or \.csv/,
  ],
  [
    'a folder that is not there',
    ['extract', 'keepers.txt', '--schema', 'schema.json', '--out', 'no/a.csv'],
    /There is no folder/,
  ],
  [
    'a folder for a file',
    ['extract', 'keepers.txt', '--schema', 'schema.json', '--out', 'folder.jsonl'],
    /is no file/,
  ],
  [
    'an empty key',
    ['extract', 'keepers.txt', '--schema', 'schema.json', '--key', 'a,,b'],
    /names with commas/,
  ],
  ['no model', ['extract', 'keepers.txt', '--schema', 'schema.json'], /name one with --model/],
])('%s is an error of usage', async (_name, argv, message) => {
  const { code, stdout, stderr } = await cli(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test.each([
  ['a schema of a text', 'text.json', /must describe one record/],
  ['a schema that is none', 'odd.json', /no JSON Schema that can be used/],
])('%s is refused before anything is asked', async (_name, file, message) => {
  const before = server.stats.requests;
  const { code, stderr } = await cli(['extract', 'keepers.txt', '--schema', file, ...withModel()]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(server.stats.requests).toBe(before);
});

test('an unknown field of the key is refused', async () => {
  const { code, stderr } = await cli(args('--key', 'born'));
  expect(code).toBe(2);
  expect(stderr).toContain('names "born", but the schema has name, year, note');
});

test('ask --schema answers with JSON, and cites its values', async () => {
  const ask = ['ask', 'Which keeper came in 1805?', 'keepers.txt', '--schema', 'schema.json', ...withModel()];
  const { code, stdout, stderr } = await cli(ask);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ name: 'Keeper 5', year: 1805 });
  expect(stderr).toMatch(/\/name \[\d+\] keepers\.txt, characters/);
  const shown = await cli(ask, { isTerminal: true });
  expect(shown.stdout).toContain('{\n  "name": "Keeper 5",\n');
  const without = await cli(['ask', 'Which?', 'keepers.txt', '--schema', 'schema.json']);
  expect(without.code).toBe(2);
  expect(without.stderr).toContain('needs a language model');
});

/** A line of a batch. */
const question = (year: number): string =>
  JSON.stringify({ question: `Which keeper came in ${year}?`, source: 'keepers.txt' });

const batch = (schemaFile: string) =>
  cli([
    'batch',
    'batch.jsonl',
    '--schema',
    schemaFile,
    '--out',
    'answers.jsonl',
    '--concurrency',
    '1',
    ...withModel(),
  ]);

test('batch --schema answers each line with JSON; with another schema it asks again', async () => {
  writeFileSync(join(folder, 'batch.jsonl'), `${question(1803)}\n${question(1806)}\n`);
  writeFileSync(
    join(folder, 'name.json'),
    JSON.stringify({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }),
  );
  expect(await batch('schema.json')).toMatchObject({ code: 0 });
  expect((await batch('schema.json')).stderr).toContain('2 had their result before');
  expect(await batch('name.json')).toMatchObject({ code: 0 });
  const objects = readFileSync(join(folder, 'answers.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((one) => (JSON.parse(one) as { object: unknown }).object);
  expect(objects).toEqual([
    { name: 'Keeper 3', year: 1803 },
    { name: 'Keeper 6', year: 1806 },
    { name: 'Keeper 3' },
    { name: 'Keeper 6' },
  ]);
});

test('the example of docs/extract.md comes out as it is told there', async () => {
  const docs = readFileSync(new URL('../../../../docs/extract.md', import.meta.url), 'utf8');
  const block = (language: string, has: string): string =>
    [...docs.matchAll(/```(\w+)\n([^]*?)```/g)].find(
      ([, name, text]) => name === language && text?.includes(has),
    )?.[2] ?? '';
  writeFileSync(join(folder, 'lights.txt'), block('text', 'Cape Brenn'));
  writeFileSync(join(folder, 'light.json'), block('json', '"keeper"'));
  const [program, ...argv] = block('sh', 'lights.csv').trim().split(' ');
  const given = argv.slice(0, argv.indexOf('--model'));
  const { code } = await cli([...given, ...withModel()]);
  expect({ program, code }).toEqual({ program: 'memagent', code: 0 });
  expect(readFileSync(join(folder, 'lights.csv'), 'utf8')).toBe(
    block('csv', 'Cape Brenn').replaceAll('\n', '\r\n'),
  );
});
