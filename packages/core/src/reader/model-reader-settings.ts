import type { Json } from '../json.ts';
import type { Sampling } from '../model/send-request.ts';
import type { PromptTemplate } from '../prompt/template.ts';

/**
 * All that decides what a model reader writes, besides the model: kept with the run, in full, so that it can be
 * resumed without giving it again.
 */
export function modelReaderSettings(template: PromptTemplate, sampling: Sampling): Json {
  // Through JSON: what is undefined is not there, and the store gives back exactly this.
  return JSON.parse(JSON.stringify({ template, sampling })) as Json;
}

/** The template and sampling that `modelReaderSettings` kept. */
export function restoreModelReader(settings: Json): { template: PromptTemplate } & Sampling {
  const { template, sampling } = settings as unknown as { template: PromptTemplate; sampling: Sampling };
  return { template, ...sampling };
}
