import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemagentError } from '../errors.ts';
import { defaultTemplate } from './default-template.ts';
import { loadTemplate, parseTemplate } from './template.ts';

const update = '=== update ===\n{question} {memory} {section}';
const answer = '=== answer ===\n{question} {memory}';
const least = `${update}\n${answer}`;

describe('parseTemplate', () => {
  it('reads parts into pieces and fills in the phrases', () => {
    const template = parseTemplate(
      [
        '# by me, for tests',
        '',
        '=== system ===',
        'If unsure say {not-found}',
        '=== update ===',
        '',
        'Q: {question} M: {memory}',
        '[{number}] {section}',
        'Up to {words} words.',
        '',
        '=== merge ===',
        '{question}/{memories}',
        '=== answer ===',
        '{memory}{question}: or {not-found}',
        '=== empty-memory ===',
        'nothing',
        '=== not-found ===',
        'no {{idea}}',
      ].join('\n'),
      'mine',
    );
    expect(template).toEqual({
      name: 'mine',
      system: 'If unsure say no {idea}',
      steps: {
        update: [
          'Q: ',
          { slot: 'question' },
          ' M: ',
          { slot: 'memory' },
          '\n[',
          { slot: 'number' },
          '] ',
          { slot: 'section' },
          '\nUp to ',
          { slot: 'words' },
          ' words.',
        ],
        merge: [{ slot: 'question' }, '/', { slot: 'memories' }],
        answer: [{ slot: 'memory' }, { slot: 'question' }, ': or no {idea}'],
      },
      structured: defaultTemplate.structured,
      emptyMemory: 'nothing',
      notFound: 'no {idea}',
    });
  });

  it('takes merge and the phrases from the default, and no system message', () => {
    const template = parseTemplate(least, 'least');
    expect(template.steps.merge).toEqual(defaultTemplate.steps.merge);
    expect(template.emptyMemory).toBe(defaultTemplate.emptyMemory);
    expect(template.notFound).toBe(defaultTemplate.notFound);
    expect(template).not.toHaveProperty('system');
    expect(template).not.toHaveProperty('keep');
  });

  it('fills in the phrase that keeps the memory, where one is declared, and knows no such slot elsewhere', () => {
    const own = parseTemplate(`${least}\nOr: {keep}\n=== keep ===\nKEEP`, 'own');
    expect(own.keep).toBe('KEEP');
    expect(own.steps.answer.at(-1)).toBe('\nOr: KEEP');
    expect(() => parseTemplate(`${least}\nOr: {keep}`, 'own')).toThrow('unknown slot {keep}');
  });

  it.each([
    ['a brace pair', '\\boxed{}', '\\boxed{}'],
    ['a brace around no name', '{ } {1} {a b} {', '{ } {1} {a b} {'],
    ['doubled braces', '{{memory}} }} {{', '{memory} } {'],
    ['doubled braces around a slot', '\\boxed{{{not-found}}}', `\\boxed{${defaultTemplate.notFound}}`],
  ])('reads %s', (_name, written, meant) => {
    const template = parseTemplate(`${update}\n${answer}\n${written}`, 'braces');
    expect(template.steps.answer.at(-1)).toBe(`\n${meant}`);
  });

  it('does not care for the kind of line ends or a byte order mark', () => {
    const windows = `\uFEFF${least.replaceAll('\n', '\r\n')}\r\n`;
    expect(parseTemplate(windows, 'x')).toEqual(parseTemplate(least, 'x'));
  });

  it.each([
    [
      'unknown slot',
      `${update}\n{sektion}\n${answer}`,
      3,
      /\{sektion\}.*accepted are: \{question\}, \{memory\}/,
    ],
    ['slot of another step', `${update}\n${answer} {section}`, 4, /\{section\} in part "answer"/],
    ['slot in a phrase', `${least}\n=== not-found ===\n\n{memory}`, 7, /\{memory\}.*accepted are: none/],
    [
      'slot in the system message',
      `=== system ===\n{question}\n${least}`,
      2,
      /accepted are: \{empty-memory\}/,
    ],
    ['missing slot', `${answer}\n\n=== update ===\n{question} {section}`, 4, /lacks the slot \{memory\}/],
    ['escaped slot only', `${update}\n=== answer ===\n{question} {{memory}}`, 3, /lacks the slot \{memory\}/],
    ['section twice', `${update}\n\n{section}\n${answer}`, 4, /\{section\} again in part "update"/],
    ['memory twice', `${update}\n${answer}\n{memory}`, 5, /\{memory\} again in part "answer"/],
    ['missing update', answer, 2, /part "update" is missing/],
    ['missing answer', `${update}\n\n`, 2, /part "answer" is missing/],
    ['duplicate part', `${least}\n${answer}`, 5, /"answer" again, after line 3/],
    ['unknown part', `${least}\n=== Answer ===\nx`, 5, /unknown part "Answer"; accepted are system, update/],
    ['empty part', `${least}\n=== system ===\n\n`, 5, /"system" is empty/],
    ['text before the first part', `# note\nhello\n${least}`, 2, /text before the first part/],
    ['no part at all', 'hello', 1, /text before the first part/],
    ['nothing', '', 1, /part "update" is missing/],
  ])('refuses: %s', (_name, text, line, message) => {
    const error = errorOf(() => parseTemplate(text, 'my.txt'));
    expect(error).toMatchObject({ code: 'invalid-template', data: { template: 'my.txt', line } });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`my.txt, line ${line}`);
  });
});

describe('loadTemplate', () => {
  it('reads a file and names it in errors', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-template-'));
    try {
      const path = join(folder, 'mine.txt');
      await writeFile(path, least);
      expect(await loadTemplate(path)).toEqual(parseTemplate(least, path));
      await expect(loadTemplate(join(folder, 'none.txt'))).rejects.toMatchObject({
        code: 'invalid-template',
        message: expect.stringContaining('none.txt'),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function errorOf(action: () => unknown): MemagentError {
  try {
    action();
  } catch (error) {
    if (error instanceof MemagentError) return error;
  }
  throw new Error('expected a MemagentError');
}
