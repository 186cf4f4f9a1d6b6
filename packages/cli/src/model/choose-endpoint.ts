import type { Environment } from '../environment.ts';
import type { Settings } from '../settings/settings.ts';

/** What was said about the model, before it is understood. */
export interface Endpoint {
  model: string | undefined;
  baseUrl: string | undefined;
  apiKeyEnv: string | undefined;
}

/**
 * Flag, config file, environment, with what belongs together kept together: a base URL from further down does
 * not apply to a model whose name says who serves it, and neither it nor a server named further up gets a key
 * that was meant for another one.
 */
export function chooseEndpoint(flags: Settings, config: Settings, environment: Environment): Endpoint {
  const layers: readonly Settings[] = [
    flags,
    config,
    {
      ...(environment.model === undefined ? {} : { model: environment.model }),
      ...(environment.baseUrl === undefined ? {} : { baseUrl: environment.baseUrl }),
    },
  ];
  const levelOf = (key: 'model' | 'baseUrl' | 'apiKeyEnv'): number => {
    const level = layers.findIndex((layer) => layer[key] !== undefined);
    return level === -1 ? layers.length : level;
  };
  const levels = { model: levelOf('model'), baseUrl: levelOf('baseUrl'), apiKeyEnv: levelOf('apiKeyEnv') };
  const model = layers[levels.model]?.model;
  const baseUrl = layers[levels.baseUrl]?.baseUrl;
  const hasProvider = /^(ollama|openai|anthropic|tinker):/.test(model ?? '');
  const isUrlMeant = !hasProvider || levels.baseUrl <= levels.model;
  // A server that was named nearer to the user than the model: the model was meant for another one.
  const isModelMeant = !hasProvider || levels.model <= levels.baseUrl;
  const endpoint = hasProvider ? Math.min(levels.model, levels.baseUrl) : levels.baseUrl;
  return {
    model: isModelMeant ? model : undefined,
    baseUrl: isUrlMeant ? baseUrl : undefined,
    apiKeyEnv: levels.apiKeyEnv <= endpoint ? layers[levels.apiKeyEnv]?.apiKeyEnv : undefined,
  };
}
