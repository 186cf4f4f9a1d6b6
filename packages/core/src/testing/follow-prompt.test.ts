import { beforeAll, describe, expect, it } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { renderEvidence } from '../prompt/evidence.ts';
import { memoryWords, renderPrompt } from '../prompt/render-prompt.ts';
import { parseTemplate } from '../prompt/template.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { createPromptFollower, type PromptFollower } from './follow-prompt.ts';

const question = 'Who built the lighthouse at Cape Brenn?';
const fact = 'The lighthouse at Cape Brenn was built by the engineer Ada Holm in 1874.';
const section = `The coast road runs north for nine miles. ${fact} Herring was salted in the sheds.`;
const words = memoryWords(60);

let tokenizer: Tokenizer;
let follow: PromptFollower;
beforeAll(async () => {
  tokenizer = await createTiktokenTokenizer('o200k_base');
  follow = createPromptFollower(defaultTemplate, tokenizer);
});

describe('a followed prompt', () => {
  it('updates the memory within the words it is given', async () => {
    const memory = 'Cape Brenn lies in the north. [1]';
    const messages = renderPrompt(defaultTemplate, 'update', { question, memory, section, number: 2, words });
    const { step, write } = follow(messages);
    const text = await write();
    expect(step).toBe('update');
    expect(text).toContain(`${fact} [2]`);
    expect(text).toContain(memory);
    expect(tokenizer.count(text)).toBeLessThanOrEqual(60);
  });

  it('has the phrase for an empty memory where nothing is worth keeping', async () => {
    const slots = { question, memory: '', section: '* * *', number: 2, words };
    expect(await follow(renderPrompt(defaultTemplate, 'update', slots)).write()).toBe(
      defaultTemplate.emptyMemory,
    );
  });

  it('drops the filler of an over-long memory', async () => {
    const slots = { question, section: 'Herring was salted.', number: 2, words };
    const update = (memory: string): Promise<string> =>
      follow(renderPrompt(defaultTemplate, 'update', { ...slots, memory })).write();
    for (const memory of [`${fact} [1]`, defaultTemplate.emptyMemory]) {
      expect(await update(memory + '\n* * *'.repeat(50))).toBe(await update(memory));
    }
  });

  it('merges memories and keeps their marks', async () => {
    const memories = ['Cape Brenn lies in the north. [1]', '', `${fact} [7]`];
    const { step, write } = follow(renderPrompt(defaultTemplate, 'merge', { question, memories, words }));
    expect(step).toBe('merge');
    expect(await write()).toContain(`${fact} [7]`);
  });

  it('answers from the memory, or says that it cannot', async () => {
    expect(await ask(`${fact} [2]`)).toBe(`${fact} [2]`);
    expect(await ask('Herring was salted in the sheds. [2]')).toBe(defaultTemplate.notFound);
    expect(await ask('')).toBe(defaultTemplate.notFound);
  });

  it('answers from passages with their marks', async () => {
    const passages = [
      { mark: 4, text: 'The coast road runs north.' },
      { mark: 9, text: section },
    ];
    const messages = renderPrompt(defaultTemplate, 'answer', {
      question,
      memory: renderEvidence('', passages),
    });
    expect(await follow(messages).write()).toContain(`${fact} [9]`);
  });

  it('has no marks where the template does not number the section', async () => {
    const bare = parseTemplate(
      '=== update ===\n{question}\n{memory}\n---\n{section}\n=== answer ===\n{question}\n{memory}',
      'bare',
    );
    const messages = renderPrompt(bare, 'update', { question, memory: '', section, number: 2, words });
    const { step, write } = createPromptFollower(bare, tokenizer)(messages);
    expect(step).toBe('update');
    expect(await write()).toContain(fact);
    expect(await write()).not.toMatch(/\[\d/);
  });

  it('is the best sentence for the last line when nobody knows the prompt', async () => {
    const known = follow(say(`${section}\n\n${question}`));
    expect(known.step).toBeUndefined();
    expect(await known.write()).toBe(fact);
    expect(await follow(say(question)).write()).toBe(defaultTemplate.notFound);
  });
});

function ask(memory: string): Promise<string> {
  return follow(renderPrompt(defaultTemplate, 'answer', { question, memory })).write();
}

function say(content: string): PromptMessage[] {
  return [{ role: 'user', content }];
}
