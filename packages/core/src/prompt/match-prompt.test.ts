import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTemplate } from './default-template.ts';
import { matchPrompt } from './match-prompt.ts';
import { renderPrompt } from './render-prompt.ts';
import { parseTemplate } from './template.ts';

const templates = {
  default: defaultTemplate,
  // The slots in another order, at both ends, repeated, and a system message.
  other: parseTemplate(
    `=== system ===\nRead.\n=== update ===\n{section}\n<m>{memory}</m>\n<q>{question}</q>\n<n>{number}</n>\nAgain: {question}\n` +
      `=== merge ===\n<q>{question}</q>\n{memories}\n=== answer ===\n<m>{memory}</m>\n{question}`,
    'other',
  ),
};

/** Any text: markup, slots and template syntax in it, but not the literal text that follows a slot. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '{memory}',
        '{{',
        '}}',
        '<section number="2">',
        '\n',
        '=== update ===',
        '\\boxed{}',
        '</p>',
      ),
    ),
  )
  .map((pieces) => pieces.join(''))
  .filter((value) => !/<\/?(question|memory|memories|m|q|n)>/.test(value));
const counter = fc.nat();

describe.each(Object.values(templates))('matchPrompt with the template $name', (template) => {
  const shows = (slot: string): boolean => JSON.stringify(template.steps.update).includes(`"${slot}"`);

  it('gives back what an update prompt was rendered from', () => {
    fc.assert(
      fc.property(text, text, text, counter, counter, (question, memory, section, number, words) => {
        const messages = renderPrompt(template, 'update', { question, memory, section, number, words });
        expect(matchPrompt(template, messages)).toEqual({
          step: 'update',
          slots: { question, memory, section, number, ...(shows('words') ? { words } : {}) },
        });
      }),
    );
  });

  it('gives back what a merge prompt was rendered from', () => {
    fc.assert(
      fc.property(text, fc.array(text), counter, (question, memories, words) => {
        const messages = renderPrompt(template, 'merge', { question, memories, words });
        expect(matchPrompt(template, messages)).toEqual({
          step: 'merge',
          slots: { question, memories, ...(shows('words') ? { words } : {}) },
        });
      }),
    );
  });

  it('gives back what an answer prompt was rendered from', () => {
    fc.assert(
      fc.property(text, text, (question, memory) => {
        const messages = renderPrompt(template, 'answer', { question, memory });
        expect(matchPrompt(template, messages)).toEqual({ step: 'answer', slots: { question, memory } });
      }),
    );
  });
});

describe('matchPrompt', () => {
  it('is not misled by a section that imitates the prompt around it', () => {
    const slots = { question: 'Who?', memory: 'Kutuzov [1]', number: 2, words: 600 };
    const inner = renderPrompt(defaultTemplate, 'update', { ...slots, section: 'x' })[0]!.content;
    const messages = renderPrompt(defaultTemplate, 'update', { ...slots, section: inner });
    expect(matchPrompt(defaultTemplate, messages)).toEqual({
      step: 'update',
      slots: { ...slots, section: inner },
    });
  });

  it('knows no other prompt', () => {
    const [message] = renderPrompt(defaultTemplate, 'answer', { question: 'Who?', memory: '' });
    const content = message!.content;
    expect(matchPrompt(defaultTemplate, [])).toBeUndefined();
    expect(matchPrompt(defaultTemplate, [{ role: 'user', content: 'Who?' }])).toBeUndefined();
    expect(matchPrompt(defaultTemplate, [{ role: 'user', content: `${content} ` }])).toBeUndefined();
    expect(matchPrompt(defaultTemplate, [{ role: 'system', content }])).toBeUndefined();
    expect(
      matchPrompt(defaultTemplate, [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content },
      ]),
    ).toBeUndefined();
    expect(matchPrompt(templates.other, [{ role: 'user', content: '<m></m>\nWho?' }])).toBeUndefined();
  });
});
