import { isNotFound, parseTemplate } from '@memagent/core';
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { settingNames, settingsSchema } from './settings/settings.ts';

const docs = new URL('../../../docs/', import.meta.url);
const cli = readFileSync(new URL('cli.md', docs), 'utf8');
const models = readFileSync(new URL('models.md', docs), 'utf8');

function fenced(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  );
}

test('docs/cli.md names every command and every flag', () => {
  const output = new Writable();
  const host = { argv: [], env: {}, cwd: '/', stdin: Readable.from([]), stdout: output, stderr: output };
  const program = createProgram({ ...host, signal: new AbortController().signal }, () => {});
  const check = (command: Command, name: string): void => {
    expect(cli).toContain(name);
    for (const option of command.options) expect(cli).toContain(option.long);
    for (const sub of command.commands) check(sub, `${name} ${sub.name()}`);
  };
  for (const command of program.commands) check(command, `memagent ${command.name()}`);
});

test('docs/cli.md names every exit code', () => {
  for (const code of Object.values(exitCodes)) expect(cli).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
});

test('the config file of docs/cli.md is accepted and has every key', () => {
  const [yaml = ''] = fenced(cli, 'yaml');
  const config: unknown = parse(yaml);
  expect(settingsSchema.safeParse(config).error).toBeUndefined();
  expect(Object.keys(config as object).toSorted()).toEqual([...settingNames].toSorted());
});

test('the template of docs/models.md is one, and its not-found phrase is understood in a box', () => {
  const [text = ''] = fenced(models, 'text');
  const template = parseTemplate(text, 'docs/models.md');
  const answer = template.steps.answer.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
  expect(answer).toContain(String.raw`\boxed{}`);
  expect(answer).toContain(`\\boxed{${template.notFound}}`);
  expect(isNotFound(template.notFound, template)).toBe(true);
});
