import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHuggingFaceTokenizer } from './hugging-face-tokenizer.ts';
import { fixturePath, reference, tokenizerContract } from './tokenizer.contract.ts';

describe.each(['byte-level', 'sentencepiece'])('%s', (name) => {
  it('counts as the original library does', async () => {
    const { count } = await createHuggingFaceTokenizer({ tokenizer: fixturePath(name) });
    expect(reference.texts.map(count)).toEqual(reference.counts[name]);
  });

  tokenizerContract(() => createHuggingFaceTokenizer({ tokenizer: fixturePath(name) }));
});

describe('Hugging Face', () => {
  const prompt = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Who was at Borodino?' },
  ] as const;

  it('renders the chat template, special tokens as one, and takes the longest that a server may render', async () => {
    const { count, countPrompt } = await createHuggingFaceTokenizer({ tokenizer: fixturePath('byte-level') });
    const rendered =
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWho was at Borodino?<|im_end|>\n' +
      '<|im_start|>assistant\n<think>\n\n</think>\n\n';
    expect(count('<|im_start|>')).toBe(1);
    expect(countPrompt(prompt)).toBe(count(rendered));
  });

  it('prefers the template in a file of its own, and reads a file as well as its folder', async () => {
    const folder = await copyFixture('byte-level');
    await writeFile(join(folder, 'chat_template.jinja'), '{{ messages[1].content }}');
    const { count, countPrompt } = await createHuggingFaceTokenizer({
      tokenizer: join(folder, 'tokenizer.json'),
    });
    expect(countPrompt(prompt)).toBe(count('Who was at Borodino?'));
  });

  it('has a bound for the prompt where there is no template, or where the template refuses the messages', async () => {
    const plain = await createHuggingFaceTokenizer({ tokenizer: fixturePath('sentencepiece') });
    const texts = plain.count('Be brief.') + plain.count('Who was at Borodino?');
    const bound = plain.countPrompt(prompt);
    expect(bound).toBeGreaterThan(texts + 24);
    const refusing = await createHuggingFaceTokenizer({
      tokenizer: fixturePath('sentencepiece'),
      config: { chat_template: "{{ raise_exception('System role not supported') }}" },
    });
    expect(refusing.countPrompt(prompt)).toBe(bound);
  });

  it('is named by the content of its file', async () => {
    const path = await createHuggingFaceTokenizer({ tokenizer: fixturePath('byte-level') });
    const other = await createHuggingFaceTokenizer({ tokenizer: fixturePath('sentencepiece') });
    expect(path.name).toMatch(/^hf:[\da-f]{12}$/);
    expect(other.name).not.toBe(path.name);
  });

  it('takes the parsed content of a file', async () => {
    const content = JSON.parse(await readFile(fixturePath('byte-level/tokenizer.json'), 'utf8')) as object;
    const { count } = await createHuggingFaceTokenizer({ tokenizer: content });
    expect(reference.texts.map(count)).toEqual(reference.counts['byte-level']);
  });

  it('can be counted part by part if it splits words at spaces', async () => {
    const { parts } = await createHuggingFaceTokenizer({ tokenizer: fixturePath('byte-level') });
    expect(parts).toBeDefined();
  });

  it.each([
    ['it takes spaces for characters', 'sentencepiece', {}],
    [
      'it puts a space before a text',
      'byte-level',
      { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } },
    ],
    [
      'it marks the start of a text',
      'byte-level',
      { pre_tokenizer: { type: 'Metaspace', prepend_scheme: 'first' } },
    ],
    ['a special token has a space', 'byte-level', { added_tokens: [{ id: 1, content: '<start of turn>' }] }],
  ])('cannot if %s', async (_, name, change) => {
    const content = JSON.parse(await readFile(fixturePath(`${name}/tokenizer.json`), 'utf8')) as object;
    const { parts } = await createHuggingFaceTokenizer({ tokenizer: { ...content, ...change } });
    expect(parts).toBeUndefined();
  });

  it.each([
    ['not JSON', '{', /tokenizer.json is not JSON/],
    ['no object', '[1]', /it holds no JSON object/],
    ['no tokenizer', '{"model_type": "qwen3"}', /no tokenizer\.json.*: model is missing/],
    ['another model', '{"model": 1}', /no tokenizer\.json.*: model is missing or of another kind/],
    ['no vocabulary', '{"model": {"type": "BPE"}}', /: model\.vocab is missing/],
    ['an unknown kind', '{"model": {"type": "Magic", "merges": []}}', /model\.vocab is missing/],
    [
      'an unknown part',
      '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "Magic"}}',
      /Magic/,
    ],
    ['a broken template', undefined, /template/i],
  ])('refuses a file with %s', async (_, content, problem) => {
    const folder = await copyFixture('byte-level');
    if (content === undefined) await writeFile(join(folder, 'chat_template.jinja'), '{% if %}');
    else await writeFile(join(folder, 'tokenizer.json'), content);
    const refused = createHuggingFaceTokenizer({ tokenizer: folder });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-tokenizer',
      message: expect.stringContaining(folder),
    });
    await expect(refused).rejects.toThrow(problem);
    await expect(refused).rejects.toThrow(/^[^\n]*Give a tokenizer.json as Hugging Face publishes it/);
  });

  it('refuses a path where nothing is', async () => {
    await expect(createHuggingFaceTokenizer({ tokenizer: '/nowhere/tokenizer.json' })).rejects.toMatchObject({
      code: 'invalid-tokenizer',
      message: expect.stringContaining('/nowhere/tokenizer.json'),
    });
  });
});

async function copyFixture(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-tokenizer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(fixturePath(name), folder, { recursive: true });
  return folder;
}
