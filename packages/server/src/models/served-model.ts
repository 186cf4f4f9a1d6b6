/** What clients can ask: a language model with the agent before it, or one of the readers that need none. */
import type { Json, ReadingOptions, SessionOptions } from '@memagent/core';
import { RequestError } from '../http/server-error.ts';

/** Where prompts go that fit the model's window, as they came. */
export interface Upstream {
  /** The model's name there. */
  model: string;
  /** Of an OpenAI-compatible API, without a slash at its end. */
  baseUrl: string;
  apiKey?: string;
  /** Default: the global one. */
  fetch?: typeof fetch;
}

export interface ServedModel {
  /** What clients call it, such as `memagent/qwen3:8b`. */
  id: string;
  /** A sentence for people. */
  description: string;
  /** How it reads, unless a run says otherwise. */
  reading: ReadingOptions;
  /** Prices, retries and the limits that all runs share. */
  session?: Omit<SessionOptions, 'store' | 'home' | 'signal' | 'budget'>;
  /** Kept with each run beside the server's own note: what another program needs to go on with it. Never secrets. */
  client?: Record<string, Json>;
  /** Absent for readers without a language model, and where the model is reached in another way. */
  upstream?: Upstream;
}

/** The readers that are always there. */
export const builtInModels: readonly [evidence: ServedModel, extractive: ServedModel] = Object.freeze([
  {
    id: 'memagent/evidence',
    description: 'Quotes the sentences that bear on the question; a small trained policy, no language model.',
    reading: { reader: 'evidence' },
  },
  {
    id: 'memagent/extractive',
    description: 'Quotes the sentences that bear on the question, by a fixed rule; no language model.',
    reading: { reader: 'extractive' },
  },
]);

/** Knows the models that are served. */
export interface ModelRegistry {
  readonly models: readonly ServedModel[];
  /** The first one that was named, else the evidence reader. */
  readonly defaultModel: ServedModel;
  /** By its id, or by its id without `memagent/`. Throws a `RequestError` 404. */
  get(id: string): ServedModel;
  /** The model that a run was begun with: by the id that it kept, else by what it says it asked. */
  findForRun(id: string | undefined, providerModel: string | null): ServedModel | undefined;
}

/** The models that were named, then the built-in readers. */
export function createModelRegistry(named: readonly ServedModel[]): ModelRegistry {
  const models = [...named, ...builtInModels.filter(({ id }) => named.every((model) => model.id !== id))];
  const [defaultModel = models[0]] = named;
  if (defaultModel === undefined) throw new Error('There is no model, not even a built-in one.');
  const find = (id: string): ServedModel | undefined =>
    models.find((model) => model.id === id || model.id === `memagent/${id}`);
  return {
    models,
    defaultModel,
    get(id) {
      const model = find(id);
      if (model) return model;
      const known = models.map((one) => one.id).join(', ');
      throw new RequestError(
        404,
        'model_not_found',
        `The model ${JSON.stringify(id)} is not served here; there are ${known}.`,
        { param: 'model' },
      );
    },
    findForRun(id, providerModel) {
      const kept = id === undefined ? undefined : find(id);
      return kept ?? models.find(({ reading }) => nameOf(reading) === providerModel);
    },
  };
}

/** As a run's settings have it. */
function nameOf({ model }: ReadingOptions): string | null {
  if (model === undefined) return null;
  return typeof model === 'string' ? model : `${model.provider}/${model.modelId}`;
}
