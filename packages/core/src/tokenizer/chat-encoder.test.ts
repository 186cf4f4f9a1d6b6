import { expect, it } from 'vitest';
import { loadChatEncoder } from './chat-encoder.ts';
import { createHuggingFaceTokenizer } from './hugging-face-tokenizer.ts';
import { fixturePath } from './tokenizer.contract.ts';

const prompt = [{ role: 'user', content: 'Who was at Borodino?' }] as const;

it('encodes a prompt as its template renders it, special tokens as one, reasoning off', async () => {
  const encoder = await loadChatEncoder(fixturePath('byte-level'));
  const tokenizer = await createHuggingFaceTokenizer({ tokenizer: fixturePath('byte-level') });
  const tokens = encoder.encode(prompt);
  expect(encoder.spell(tokens)).toBe(
    '<|im_start|>user\nWho was at Borodino?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
  );
  expect(tokens).toHaveLength(tokenizer.countPrompt(prompt));
  expect(encoder.decode(tokens)).not.toContain('<|im_start|>');
});

it('refuses a folder without a chat template', async () => {
  await expect(loadChatEncoder(fixturePath('sentencepiece'))).rejects.toMatchObject({
    code: 'invalid-tokenizer',
  });
});
