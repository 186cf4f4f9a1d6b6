import type { Json } from '../json.ts';
import type { Sampling } from '../model/send-request.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import type { JsonSchema } from '../structured/json-schema.ts';

/**
 * All that decides what a model reader writes, besides the model: kept with the run, in full, so that it can be
 * resumed without giving it again.
 */
export function modelReaderSettings(
  template: PromptTemplate,
  sampling: Sampling,
  schema?: { json: JsonSchema },
): Json {
  // The prompts that ask for JSON decide nothing where none is asked for.
  const { structured: _structured, ...prose } = template;
  const kept = schema ? { template, sampling, schema: schema.json } : { template: prose, sampling };
  // Through JSON: what is undefined is not there, and the store gives back exactly this.
  return JSON.parse(JSON.stringify(kept)) as Json;
}

/** The template, sampling and schema that `modelReaderSettings` kept. */
export function restoreModelReader(
  settings: Json,
): { template: PromptTemplate; jsonSchema?: JsonSchema } & Sampling {
  const { template, sampling, schema } = settings as unknown as {
    template: PromptTemplate;
    sampling: Sampling;
    schema?: JsonSchema;
  };
  return {
    template: { ...template, structured: template.structured ?? defaultTemplate.structured },
    ...sampling,
    ...(schema === undefined ? {} : { jsonSchema: schema }),
  };
}
