import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MemagentError, messageOf } from '../errors.ts';

/** The files of a published tokenizer, parsed as JSON but not checked. */
export interface HuggingFaceFiles {
  tokenizer: unknown;
  config?: unknown;
  /** Content of `chat_template.jinja`, which goes before the template in the configuration. */
  chatTemplate?: string;
  /** Short hash of `tokenizer.json`. */
  hash: string;
}

/** Reads a `tokenizer.json`, or a folder that has one, with `tokenizer_config.json` and the template beside it. */
export async function readHuggingFaceFiles(path: string): Promise<HuggingFaceFiles> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'tokenizer.json') : path;
    const text = await readFile(file, 'utf8');
    const config = await readIfPresent(join(dirname(file), 'tokenizer_config.json'));
    const chatTemplate = await readIfPresent(join(dirname(file), 'chat_template.jinja'));
    return {
      tokenizer: parseJson(text, basename(file)),
      ...(config === undefined ? {} : { config: parseJson(config, 'tokenizer_config.json') }),
      ...(chatTemplate === undefined ? {} : { chatTemplate }),
      hash: shortHash(text),
    };
  } catch (error) {
    throw invalidTokenizer(path, error);
  }
}

/** First 12 hexadecimal digits of the SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** The error for a tokenizer that cannot be read or used. */
export function invalidTokenizer(name: string, cause: unknown): MemagentError {
  return new MemagentError(
    `Cannot load the tokenizer ${name}: ${messageOf(cause)}. Give a tokenizer.json as Hugging Face publishes it, or the folder that holds it.`,
    { code: 'invalid-tokenizer', data: { name }, cause },
  );
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${name} is not JSON (${messageOf(error)})`, { cause: error });
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
