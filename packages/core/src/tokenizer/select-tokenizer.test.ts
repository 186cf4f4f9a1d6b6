import { describe, expect, it } from 'vitest';
import { selectTokenizer } from './select-tokenizer.ts';
import { fixturePath } from './tokenizer.contract.ts';

const nameFor = async (modelId: string): Promise<string> =>
  (await selectTokenizer(undefined, { provider: 'any', modelId })).name;

describe('selectTokenizer', () => {
  it.each([
    ['gpt-4o', 'o200k_base'],
    ['gpt-4o-mini-2024-07-18', 'o200k_base'],
    ['ft:gpt-4o-mini:acme::123', 'o200k_base'],
    ['openai/gpt-4.1-nano', 'o200k_base'],
    ['gpt-5', 'o200k_base'],
    ['gpt-5.2-codex', 'o200k_base'],
    ['o1', 'o200k_base'],
    ['o4-mini', 'o200k_base'],
    ['gpt-oss:20b', 'o200k_harmony'],
    ['openai/gpt-oss-120b', 'o200k_harmony'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-3.5-turbo-0125', 'cl100k_base'],
    ['qwen3:8b', 'estimate'],
    ['olmo-2', 'estimate'],
    ['o3de', 'estimate'],
    ['claude-sonnet-4-5', 'estimate'],
    ['BytedTsinghua-SIA/RL-MemoryAgent-7B', 'estimate'],
  ])('without a name, takes the encoding of %s: %s', async (modelId, name) => {
    expect(await nameFor(modelId)).toBe(name);
  });

  it('without a model, takes o200k_base', async () => {
    expect((await selectTokenizer()).name).toBe('o200k_base');
  });

  it('takes an encoding, the estimate, a file or a folder by name, whatever the model', async () => {
    const model = { provider: 'openai', modelId: 'gpt-4o' };
    expect((await selectTokenizer('cl100k_base', model)).name).toBe('cl100k_base');
    expect((await selectTokenizer('estimate', model)).name).toBe('estimate');
    const file = await selectTokenizer(fixturePath('byte-level/tokenizer.json'), model);
    const folder = await selectTokenizer(fixturePath('byte-level'), model);
    expect(file.name).toMatch(/^hf:/);
    expect(folder.name).toBe(file.name);
  });

  it('refuses a name that it does not know, saying which it does', async () => {
    await expect(selectTokenizer('gpt4-tokens')).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringMatching(/"gpt4-tokens".*o200k_base, .*estimate.*tokenizer\.json/),
    });
  });
});
