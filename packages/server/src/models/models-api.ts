/** `/v1/models` as OpenAI has it, and what a form needs to know: the settings of a run, and the samples. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Sample } from '../documents/document-input.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { describe, parameter } from '../openapi/describe.ts';
import { describeSettings, settingSchema } from '../runs/run-settings.ts';
import type { ModelRegistry, ServedModel } from './served-model.ts';

const modelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.literal('memagent'),
    description: z.string(),
    has_language_model: z.boolean().meta({ description: 'False for readers that only quote.' }),
  })
  .meta({ id: 'Model' });

const settingsSchema = z.object({ model: z.string(), settings: z.array(settingSchema) });

const sampleSchema = z
  .object({ id: z.string(), title: z.string(), questions: z.array(z.string()) })
  .meta({ id: 'Sample' });

export interface ModelsApiOptions {
  registry: ModelRegistry;
  samples: readonly Sample[];
  /** Seconds since the epoch, as the time at which the models came to be. */
  created: number;
}

export function createModelsApi({ registry, samples, created }: ModelsApiOptions): Hono<ServerEnv> {
  const api = new Hono<ServerEnv>();
  const view = ({ id, description, reading }: ServedModel): z.output<typeof modelSchema> => ({
    id,
    object: 'model',
    created,
    owned_by: 'memagent',
    description,
    has_language_model: reading.model !== undefined,
  });

  api.get(
    '/models',
    describe({
      summary: 'List the models, the default first',
      tag: 'Models',
      reply: { schema: z.object({ object: z.literal('list'), data: z.array(modelSchema) }) },
    }),
    (context) => context.json({ object: 'list', data: registry.models.map(view) }),
  );

  // A model's name has slashes in it.
  api.get(
    '/models/:id{.+}',
    describe({
      summary: 'Look up a model',
      tag: 'Models',
      parameters: [parameter('id', 'path', 'Its name, such as memagent/evidence.')],
      reply: { schema: modelSchema },
      errors: [404],
    }),
    (context) => context.json(view(registry.get(context.req.param('id')))),
  );

  api.get(
    '/settings',
    describe({
      summary: 'Explain the settings of a run',
      tag: 'Models',
      parameters: [parameter('model', 'query', 'The model whose defaults are told; default: the first.')],
      reply: { schema: settingsSchema },
      errors: [400],
    }),
    (context) => {
      const id = context.req.query('model');
      const model = id === undefined ? registry.defaultModel : registry.get(id);
      return context.json({ model: model.id, settings: describeSettings(model) });
    },
  );

  api.get(
    '/samples',
    describe({
      summary: 'List the sample documents, each with questions that it answers',
      tag: 'Models',
      reply: { schema: z.object({ data: z.array(sampleSchema) }) },
    }),
    (context) =>
      context.json({
        data: samples.map(({ id, title, questions }) => ({ id, title, questions: [...questions] })),
      }),
  );

  return api;
}
