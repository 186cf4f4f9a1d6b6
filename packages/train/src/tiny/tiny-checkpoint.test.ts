import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryRunStore, read } from '@memagent/core';
import { expect, test } from 'vitest';
import { createTinyModel } from './tiny-model.ts';
import { tinyTemplate } from './tiny-prompt.ts';
import { firstEvaluationSeed, tinyReading } from './tiny-setup.ts';
import { createTinyItem } from './tiny-task.ts';
import { tokenizerConfigJson, tokenizerJson } from './tiny-tokenizer.ts';

const folder = fileURLToPath(new URL('../../checkpoints/tiny', import.meta.url));

test('the shipped model reads documents that it was not trained on', async () => {
  const { model, close } = await createTinyModel(folder);
  const reading = await tinyReading();
  const read8 = async (index: number): Promise<boolean> => {
    const name = index % 2 === 0 ? 'needle' : 'update';
    const item = createTinyItem({ name, sections: 8, seed: firstEvaluationSeed, index });
    const { result } = read({
      ...reading,
      model,
      template: tinyTemplate,
      temperature: 0,
      question: item.question,
      source: { text: (await Array.fromAsync(item.document())).join('') },
      store: createMemoryRunStore(),
    });
    return (await result).answer === item.answers[0];
  };
  const right = await Promise.all(Array.from({ length: 16 }, (_, index) => read8(index)));
  expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(15);
  await close();
});

test('its tokenizer is the one that the code writes', async () => {
  expect(await json('tokenizer.json')).toEqual(tokenizerJson);
  expect(await json('tokenizer_config.json')).toEqual(tokenizerConfigJson);
});

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}
