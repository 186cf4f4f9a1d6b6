import type { LanguageModelV4Source } from '@ai-sdk/provider';
import type { Citation } from '../citation/citation.ts';

/** The quoted places of an answer as an AI SDK model tells them; `providerMetadata.memagent` has where and what. */
export function toSources(runId: string, citations: readonly Citation[]): LanguageModelV4Source[] {
  return citations
    .map(({ mark, source, page, start, end, text, supported, sentence }, index): LanguageModelV4Source => ({
      type: 'source',
      sourceType: 'document',
      id: `${runId}/${index + 1}`,
      mediaType: 'text/plain',
      title: `[${mark}] ${source}`,
      filename: source,
      providerMetadata: { memagent: { mark, page, start, end, text, supported, sentence } },
    }))
    .filter((_source, index) => citations[index]?.text !== '');
}
