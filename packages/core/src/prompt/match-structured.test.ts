import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultTemplate } from './default-template.ts';
import { matchPrompt } from './match-prompt.ts';
import { matchStructured } from './match-structured.ts';
import { renderPrompt } from './render-prompt.ts';
import { renderStructured } from './render-structured.ts';
import { parseTemplate } from './template.ts';

const own = parseTemplate(
  '=== system ===\nYou collect.\n=== update ===\n{question}{memory}{section}\n=== answer ===\n{question}{memory}',
  'own',
);
const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '{', '}', '<', '"', '[3]', '\\', 'é') });
const problem = fc.option(text, { nil: undefined });

test('a prompt is read back into what it was made of', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(defaultTemplate, own),
      text,
      text,
      text,
      text,
      problem,
      (template, a, b, c, d, told) => {
        const answer = { question: a, schema: b, memory: c };
        const extract = { instructions: a, schema: b, before: c, section: d };
        const said = told === undefined ? {} : { problem: told };
        expect(matchStructured(template, renderStructured(template, 'answer', answer, told))).toEqual({
          step: 'answer',
          slots: answer,
          ...said,
        });
        expect(matchStructured(template, renderStructured(template, 'extract', extract, told))).toEqual({
          step: 'extract',
          slots: extract,
          ...said,
        });
      },
    ),
  );
});

test('prompts that ask for JSON and prompts that do not are told apart', () => {
  const prose = renderPrompt(defaultTemplate, 'answer', { question: 'Who?', memory: 'Ada. [1]' });
  expect(matchStructured(defaultTemplate, prose)).toBeUndefined();
  const json = renderStructured(defaultTemplate, 'answer', {
    question: 'Who?',
    schema: '{}',
    memory: 'Ada. [1]',
  });
  expect(matchPrompt(defaultTemplate, json)).toBeUndefined();
});
