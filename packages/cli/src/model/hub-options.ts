import { join } from 'node:path';
import type { FetchTokenizerOptions } from '@memagent/train';
import type { Environment } from '../environment.ts';

/** How tokenizers are fetched: HF_ENDPOINT and HF_TOKEN as everywhere, kept in the home folder. */
export function hubOptions(
  environment: Environment,
  home: string,
): Pick<FetchTokenizerOptions, 'cacheFolder' | 'hubUrl' | 'token'> {
  return {
    cacheFolder: join(home, 'tokenizers'),
    hubUrl: environment.hubUrl,
    token: environment.secret('HF_TOKEN'),
  };
}
