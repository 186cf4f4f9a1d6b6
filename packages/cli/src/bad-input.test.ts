import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCli, createFolder } from './call-cli.ts';
import { writeSample } from './sample-document.ts';

const folder = createFolder();
writeSample(folder, 'book.txt');
writeFileSync(join(folder, 'empty.txt'), '');
writeFileSync(
  join(folder, 'binary.bin'),
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0, 0, 255, 254, 0]),
);
writeFileSync(join(folder, 'bad-template.txt'), '=== update ===\n{question} {memory} {section}\n');
mkdirSync(join(folder, 'empty'));
const cli = createCli({ cwd: folder });

test.each<[string, string[], RegExp]>([
  ['no command', [], /Usage: memagent/],
  ['an unknown command', ['aks', 'Who?', 'book.txt'], /unknown command 'aks'[\s\S]*Did you mean ask\?/],
  ['a question without a command', ['Who built it?', 'book.txt'], /memagent ask "Who built it\?" book\.txt/],
  ['no question', ['ask'], /missing required argument 'question'/],
  ['an empty question', ['ask', ' ', 'book.txt'], /The question is empty/],
  ['no document', ['ask', 'Who?'], /No document was given/],
  [
    'a document in place of the question',
    ['ask', 'book.txt', '-'],
    /"book\.txt" stands where the question belongs/,
  ],
  ['a file that is not there', ['ask', 'Who?', 'bok.txt'], /no file or folder "bok\.txt"/],
  [
    'a question without quotes',
    ['ask', 'Who', 'built', 'it', 'book.txt'],
    /"built".*put the whole question into quotes/,
  ],
  ['an address', ['ask', 'Who?', 'https://example.org/a'], /curl -sL https:\/\/example\.org\/a/],
  ['standard input twice', ['ask', 'Who?', '-', '-'], /given twice/],
  ['an empty file', ['ask', 'Who?', 'empty.txt'], /Cannot read \S*empty\.txt: it has no text/],
  ['a binary file', ['ask', 'Who?', 'binary.bin'], /Cannot read \S*binary\.bin: .*a program/],
  ['an empty folder', ['ask', 'Who?', 'empty'], /Cannot read \S*empty: no file in it can be read/],
  [
    'an unknown flag',
    ['ask', 'Who?', 'book.txt', '--modle', 'x'],
    /unknown option '--modle'[\s\S]*Did you mean --model\?/,
  ],
  ['a flag without its value', ['ask', 'Who?', 'book.txt', '--model'], /argument missing/],
  [
    'a window that is no number',
    ['ask', 'Who?', 'book.txt', '--window', 'big'],
    /--window.*'big'.*whole number/,
  ],
  ['a window of zero', ['ask', 'Who?', 'book.txt', '--window', '0'], /'0'/],
  ['a negative window', ['ask', 'Who?', 'book.txt', '--window=-5'], /'-5'/],
  ['half a section', ['ask', 'Who?', 'book.txt', '--section-tokens', '0.5'], /'0\.5'/],
  ['a top-p above 1', ['ask', 'Who?', 'book.txt', '--top-p', '1.5'], /'1\.5'.*up to 1/],
  ['a temperature in words', ['ask', 'Who?', 'book.txt', '--temperature', 'hot'], /'hot'/],
  [
    'a time without a unit that exists',
    ['ask', 'Who?', 'book.txt', '--max-time', '5y'],
    /'5y'.*30s, 10m or 2h/,
  ],
  ['an unknown reader', ['ask', 'Who?', 'book.txt', '--reader', 'x'], /'x'.*model, evidence, extractive/],
  [
    'an unknown strategy',
    ['ask', 'Who?', 'book.txt', '--strategy', 'x'],
    /Unknown strategy "x"; there are: memory/,
  ],
  ['an unknown tokenizer', ['ask', 'Who?', 'book.txt', '--tokenizer', 'x'], /Unknown tokenizer "x"/],
  ['an unknown reasoning effort', ['ask', 'Who?', 'book.txt', '--reasoning', 'x'], /'x'.*none/],
  ['a window that is too small', ['ask', 'Who?', 'book.txt', '--window', '2000'], /2000.*fewer/],
  [
    'the model reader without a model',
    ['ask', 'Who?', 'book.txt', '--reader', 'model'],
    /name one with --model/,
  ],
  ['a model that nobody serves', ['ask', 'Who?', 'book.txt', '-m', 'llama3.1:8b'], /ollama:llama3\.1:8b/],
  [
    'a provider without a model',
    ['ask', 'Who?', 'book.txt', '-m', 'ollama:'],
    /without a name after the colon/,
  ],
  [
    'a base URL that is none',
    ['ask', 'Who?', 'book.txt', '-m', 'x', '-b', 'localhost:8000'],
    /http:\/\/localhost:8000\/v1/,
  ],
  [
    'a key in the base URL',
    ['ask', 'Who?', 'book.txt', '-m', 'x', '-b', 'http://me:pw@host/v1'],
    /--api-key-env/,
  ],
  [
    'a model whose key is not set',
    ['ask', 'Who?', 'book.txt', '-m', 'openai:gpt-4.1'],
    /OPENAI_API_KEY, which is not set/,
  ],
  [
    'an Ollama that does not run',
    ['ask', 'Who?', 'book.txt', '-m', 'ollama:x'],
    /ollama:x at http:\/\/127\.0\.0\.1:9\/v1 cannot be reached: .*ollama serve/,
  ],
  [
    'a server that does not run',
    ['ask', 'Who?', 'book.txt', '-m', 'x', '-b', 'http://127.0.0.1:9/v1'],
    /x at http:\/\/127\.0\.0\.1:9\/v1 cannot be reached: .*--base-url/,
  ],
  ['a gateway model without its key', ['ask', 'Who?', 'book.txt', '-m', 'meta/llama'], /AI_GATEWAY_API_KEY/],
  [
    'a template that is not there',
    ['ask', 'Who?', 'book.txt', '--template', 'no.txt'],
    /no\.txt cannot be read/,
  ],
  [
    'a template that lacks a part',
    ['ask', 'Who?', 'book.txt', '--template', 'bad-template.txt'],
    /part "answer" is missing/,
  ],
  [
    'a cost limit without prices',
    ['ask', 'Who?', 'book.txt', '--max-cost', '1'],
    /--price-in and --price-out/,
  ],
  [
    'one price without the other',
    ['ask', 'Who?', 'book.txt', '--price-in', '1'],
    /--price-in and --price-out/,
  ],
  ['two forms of output', ['ask', 'Who?', 'book.txt', '--json', '--events'], /cannot be used with option/],
  ['a config file that is not there', ['ask', 'Who?', 'book.txt', '--config', 'no.yaml'], /no\.yaml/],
  ['a run that is not there', ['resume', 'zzz'], /no run "zzz"/],
  ['a run to show that is not there', ['show', 'zzz'], /no run "zzz"/],
  ['a run to remove that is not there', ['runs', 'rm', 'zzz'], /no run "zzz"/],
  ['a batch file that is not there', ['batch', 'no.jsonl'], /no batch file "no\.jsonl"/],
  ['a limit of no runs', ['runs', '--limit', '0'], /'0'/],
])('%s ends with 2 and says what to do', async (_name, argv, message) => {
  // A terminal without anything piped in; the words are compared without colours.
  const { code, stdout, stderr } = await cli(argv, { isTerminal: true, env: { NO_COLOR: '1' } });
  expect(stderr.replace(/\s+/g, ' ')).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('nothing is left behind by a call that was wrong', async () => {
  const { stdout } = await cli(['runs', '--json']);
  expect(JSON.parse(stdout)).toEqual([]);
});

test.each([['--help'], ['ask', '--help'], ['runs', 'rm', '--help'], ['--version']])(
  '%s %s ends with 0',
  async (...argv) => {
    const { code, stdout, stderr } = await cli(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toBe('');
  },
);
