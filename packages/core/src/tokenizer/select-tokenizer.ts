/** Chooses a tokenizer by its name, by a file, or by the model. */
import { existsSync } from 'node:fs';
import { MemagentError } from '../errors.ts';
import { createEstimateTokenizer } from './estimate-tokenizer.ts';
import { createHuggingFaceTokenizer } from './hugging-face-tokenizer.ts';
import {
  createTiktokenTokenizer,
  isTiktokenName,
  type TiktokenName,
  tiktokenNames,
} from './tiktoken-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Encodings of OpenAI's models by the beginning of their names; the first that fits. */
const encodingOfModel: readonly (readonly [RegExp, TiktokenName])[] = [
  [/^gpt-oss\b/, 'o200k_harmony'],
  [/^(?:gpt-4o|gpt-4\.[15]|gpt-5|chatgpt-4o|o[134])(?![a-z\d])/, 'o200k_base'],
  [/^(?:gpt-4|gpt-3\.5|gpt-35)(?![a-z\d])/, 'cl100k_base'],
];

/**
 * A tokenizer as it is given, or the one called `nameOrPath`: a tiktoken encoding, `estimate`, or a `tokenizer.json` or its folder.
 * Without a name, the model's own where it is known, else an estimate; without a model, o200k_base.
 */
export async function selectTokenizer(
  nameOrPath?: string | Tokenizer,
  model?: { provider: string; modelId: string },
): Promise<Tokenizer> {
  if (typeof nameOrPath === 'object') return nameOrPath;
  if (nameOrPath === undefined) {
    if (!model) return await createTiktokenTokenizer('o200k_base');
    const encoding = encodingFor(model.modelId);
    return encoding ? await createTiktokenTokenizer(encoding) : await createEstimateTokenizer();
  }
  if (isTiktokenName(nameOrPath)) return await createTiktokenTokenizer(nameOrPath);
  if (nameOrPath === 'estimate') return await createEstimateTokenizer();
  if (/[\\/]|\.json$/.test(nameOrPath) || existsSync(nameOrPath)) {
    return await createHuggingFaceTokenizer({ tokenizer: nameOrPath });
  }
  throw new MemagentError(
    `Unknown tokenizer ${JSON.stringify(nameOrPath)}. Use ${tiktokenNames.join(', ')}, estimate, or the path of a tokenizer.json or of the folder that holds it.`,
    { code: 'invalid-option', data: { tokenizer: nameOrPath } },
  );
}

/** Model names come bare, with an owner (`openai/gpt-4o`), or fine-tuned (`ft:gpt-4o:…`). */
function encodingFor(modelId: string): TiktokenName | undefined {
  const name = modelId.toLowerCase().replace(/^.*\//, '').replace(/^ft:/, '');
  return encodingOfModel.find(([pattern]) => pattern.test(name))?.[1];
}
