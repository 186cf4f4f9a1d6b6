import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { defaultTemplate } from './default-template.ts';
import { renderPrompt } from './render-prompt.ts';

describe('the default template', () => {
  it.each([
    renderPrompt(defaultTemplate, 'update', { question: '', memory: '', section: '', number: 1, words: 614 }),
    renderPrompt(defaultTemplate, 'merge', { question: '', memories: [], words: 614 }),
    renderPrompt(defaultTemplate, 'answer', { question: '', memory: '' }),
  ])('takes fewer than 260 tokens by itself (%#)', (message) => {
    expect(countTokens(message.content)).toBeLessThan(260);
  });

  it('shows the mark to write, and the not-found phrase to copy', () => {
    const update = renderPrompt(defaultTemplate, 'update', {
      question: 'Who?',
      memory: '',
      section: 'x',
      number: 12,
      words: 614,
    });
    expect(update[0]?.content).toContain('the mark of this section: [12]');
    expect(update[0]?.content).toContain(`<memory>\n${defaultTemplate.emptyMemory}\n</memory>`);
    expect(update[0]?.content).not.toMatch(/[{}]/);
    const answer = renderPrompt(defaultTemplate, 'answer', { question: 'Who?', memory: 'x' });
    expect(answer[0]?.content.endsWith(defaultTemplate.notFound)).toBe(true);
  });
});
