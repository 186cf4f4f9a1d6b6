/** A model's tokenizer and chat template from the Hugging Face Hub, kept in a folder for the times after. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { exists } from '../trainer/exists.ts';

export interface FetchTokenizerOptions {
  /** As the hub calls it: `Qwen/Qwen3-8B`. */
  model: string;
  /** Folder of all tokenizers that were fetched. One that is there is not asked for again: remove it to have a newer one. */
  cacheFolder: string;
  /** Default `https://huggingface.co`. */
  hubUrl?: string | undefined;
  /** For models that not everybody may see. */
  token?: string | undefined;
  fetch?: typeof fetch;
}

const requiredFiles = ['tokenizer.json', 'tokenizer_config.json'];
/** Newer models have the template in a file of its own. */
const optionalFiles = ['chat_template.jinja'];

const officialHub = 'https://huggingface.co';

/** Whether this could be the name of a model on the hub: `Qwen/Qwen3-8B`. */
export function isHubName(name: string): boolean {
  return /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(name);
}

/** The folder of the model's tokenizer. Throws `invalid-tokenizer` saying what to do where it cannot be had. */
export async function fetchTokenizer(options: FetchTokenizerOptions): Promise<string> {
  const { model, cacheFolder } = options;
  if (!isHubName(model)) {
    throw cannotFetch(options, 'that is not a name on the hub, which are like Qwen/Qwen3-8B');
  }
  const folder = join(cacheFolder, model.replace('/', '--'));
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(join(cacheFolder, '.unfinished-'));
  try {
    for (const name of [...requiredFiles, ...optionalFiles]) {
      const bytes = await download(options, name);
      if (bytes) await writeFile(join(unfinished, name), bytes);
      else if (requiredFiles.includes(name)) throw cannotFetch(options, `it has no ${name}`);
    }
    // Whatever has the name is whole. Another process may have been quicker with the same.
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The content of a file; undefined where the model has none of that name. */
async function download(options: FetchTokenizerOptions, path: string): Promise<Uint8Array | undefined> {
  const { model, hubUrl = officialHub, token, fetch = globalThis.fetch } = options;
  const { downloadFile, HubApiError } = await import('@huggingface/hub');
  try {
    const blob = await downloadFile({
      repo: { type: 'model', name: model },
      path,
      hubUrl: hubUrl.replace(/\/+$/, ''),
      // Mirrors speak plain HTTP.
      xet: false,
      fetch,
      ...(token === undefined ? {} : { accessToken: token }),
    });
    return blob ? new Uint8Array(await blob.arrayBuffer()) : undefined;
  } catch (error) {
    const status = error instanceof HubApiError ? error.statusCode : undefined;
    throw cannotFetch(options, reasonOf(error, status), error);
  }
}

/** `status` is what the hub answered with, if it did. */
function reasonOf(error: unknown, status: number | undefined): string {
  if (status === 401 || status === 403 || status === 404) {
    return `there is no such model, or it may not be seen by everybody (status ${status}): check the name, accept its terms, and set HF_TOKEN to a token that may read it`;
  }
  if (status !== undefined) return `the hub answered with status ${status}`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `the hub cannot be reached (${messageOf(cause)})`;
}

function cannotFetch(
  { model, hubUrl = officialHub }: FetchTokenizerOptions,
  reason: string,
  cause?: unknown,
): MemagentError {
  return new MemagentError(
    `The tokenizer of ${model} cannot be fetched from ${hubUrl}: ${reason.replace(/\.$/, '')}. Without the hub, give the folder of its tokenizer.json and tokenizer_config.json (--tokenizer FOLDER), or name a mirror in HF_ENDPOINT.`,
    { code: 'invalid-tokenizer', data: { model, hubUrl }, ...(cause === undefined ? {} : { cause }) },
  );
}
