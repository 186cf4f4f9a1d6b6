import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
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
    `Cannot load the tokenizer ${name}: ${problemOf(cause)}. Give a tokenizer.json as Hugging Face publishes it, or the folder that holds it.`,
    { code: 'invalid-tokenizer', data: { name }, cause },
  );
}

function problemOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return describeIssue(cause.issues[0]);
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 'there is no such file';
  return messageOf(cause).replace(/\.$/, '');
}

/** What a parsed file lacks, by the first thing that is wrong with it. */
function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path.join('.') ?? '';
  if (path === '') return 'it holds no JSON object';
  if (path.startsWith('model')) {
    return `it is no tokenizer.json, which has a vocabulary under "model": ${path} is missing or of another kind`;
  }
  return `${path} in it, or in the tokenizer_config.json beside it, is not as it should be (${issue?.message})`;
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
