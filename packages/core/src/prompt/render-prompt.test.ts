import { describe, expect, it } from 'vitest';
import { memoryWords, renderPrompt, wordsToTokens } from './render-prompt.ts';
import { parseTemplate } from './template.ts';

const template = parseTemplate(
  `=== system ===
Read carefully.
=== update ===
Q {question} M {memory} S{number} {section} W {words}
=== merge ===
Q {question} {memories}
=== answer ===
Q {question} M {memory}, else \\boxed{{{not-found}}}
=== empty-memory ===
(none)
=== not-found ===
unknown`,
  'test',
);

describe('renderPrompt', () => {
  it('sends one user message after the system message', () => {
    expect(
      renderPrompt(template, 'update', {
        question: 'Who?',
        memory: 'a [1]',
        section: 'Text.',
        number: 2,
        words: 614,
      }),
    ).toEqual([
      { role: 'system', content: 'Read carefully.' },
      { role: 'user', content: 'Q Who? M a [1] S2 Text. W 614' },
    ]);
    expect(renderPrompt(template, 'answer', { question: 'Who?', memory: 'a' }).at(-1)?.content).toBe(
      'Q Who? M a, else \\boxed{unknown}',
    );
  });

  it('shows an empty memory as the phrase for it', () => {
    expect(renderPrompt(template, 'answer', { question: 'Who?', memory: '' }).at(-1)?.content).toContain(
      'M (none)',
    );
    expect(
      renderPrompt(template, 'merge', { question: 'Who?', memories: ['a [1]', ''], words: 1 }).at(-1)
        ?.content,
    ).toBe('Q Who? <memory>\na [1]\n</memory>\n<memory>\n(none)\n</memory>');
  });

  it('never expands a value again', () => {
    const hostile = '{memory} {{x}} $& $1 {not-found}';
    expect(
      renderPrompt(template, 'update', {
        question: hostile,
        memory: 'm',
        section: hostile,
        number: 1,
        words: 1,
      }).at(-1)?.content,
    ).toBe(`Q ${hostile} M m S1 ${hostile} W 1`);
  });
});

it('turns a budget in tokens into words, and words back into no more tokens', () => {
  expect(memoryWords(1024)).toBe(614);
  for (let tokens = 0; tokens < 5000; tokens += 1) {
    const back = wordsToTokens(memoryWords(tokens));
    expect(back).toBeLessThanOrEqual(tokens);
    expect(back).toBeGreaterThanOrEqual(tokens - 2);
  }
});
