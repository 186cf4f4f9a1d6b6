/**
 * Decides which model is meant: the one that is named, else the only one of the server that is named, else a
 * local Ollama's, else none.
 */
import type { Environment } from '../environment.ts';
import type { Settings } from '../settings/settings.ts';
import { usageError } from '../usage-error.ts';
import { checkBaseUrl } from './check-base-url.ts';
import { findOllamaModel, ollamaUrl } from './find-ollama-model.ts';
import { listModels } from './list-models.ts';
import type { ModelSpec } from './model-spec.ts';
import { serverKey } from './server-key.ts';
import { tinkerSpec } from './tinker-spec.ts';
import { chooseEndpoint } from './choose-endpoint.ts';

/** A model, or none; `note` is a line for the user where the choice was not theirs. */
export interface ModelChoice {
  spec: ModelSpec | undefined;
  note?: string;
}

export interface ModelLayers {
  flags: Settings;
  config: Settings;
  environment: Environment;
  signal: AbortSignal;
}

const noModel =
  'No language model configured: memagent uses the evidence reader, a small trained policy that quotes the document; --model NAME for a model (docs/models.md).';

export async function chooseModel({ flags, config, environment, signal }: ModelLayers): Promise<ModelChoice> {
  const { model, baseUrl, apiKeyEnv } = chooseEndpoint(flags, config, environment);
  if (model?.startsWith('tinker:')) {
    const tokenizer = flags.tokenizer ?? config.tokenizer;
    return { spec: await tinkerSpec({ model, baseUrl, apiKeyEnv, tokenizer }) };
  }
  if (model !== undefined) return { spec: specOf({ model, baseUrl, apiKeyEnv }, environment) };
  if (baseUrl !== undefined) return onlyModelOf(checkBaseUrl(baseUrl), apiKeyEnv, environment, signal);
  const found = await findOllamaModel(environment.ollamaHost, signal);
  if (found === undefined) return { spec: undefined, note: noModel };
  return {
    spec: found,
    note: `No model configured: using ${found.model} of the Ollama at ${found.baseUrl}; --model NAME for another, --reader evidence for none.`,
  };
}

/** The model that a name means. Throws where the name alone does not say who serves it. */
function specOf(
  {
    model,
    baseUrl,
    apiKeyEnv,
  }: { model: string; baseUrl: string | undefined; apiKeyEnv: string | undefined },
  environment: Environment,
): ModelSpec {
  const [, prefix, rest = ''] = /^(ollama|openai|anthropic):(.*)$/s.exec(model) ?? [];
  const name = prefix === undefined ? model : rest;
  if (name === '') throw usageError(`The model is ${JSON.stringify(model)}, without a name after the colon.`);
  const url = baseUrl === undefined ? undefined : checkBaseUrl(baseUrl);
  switch (prefix) {
    case 'ollama':
      return { provider: 'ollama', model: name, baseUrl: url ?? ollamaUrl(environment.ollamaHost) };
    case 'anthropic':
      return {
        provider: 'anthropic',
        model: name,
        apiKeyEnv: apiKeyEnv ?? 'ANTHROPIC_API_KEY',
        ...(url === undefined ? {} : { baseUrl: url }),
      };
    case 'openai':
      return openai(name, url ?? environment.openaiBaseUrl, apiKeyEnv);
    default:
      break;
  }
  if (url !== undefined)
    return isOpenai(url) ? openai(name, url, apiKeyEnv) : compatible(name, url, apiKeyEnv);
  if (name.includes('/'))
    return { provider: 'gateway', model: name, apiKeyEnv: apiKeyEnv ?? 'AI_GATEWAY_API_KEY' };
  if (environment.openaiBaseUrl !== undefined) return openai(name, environment.openaiBaseUrl, apiKeyEnv);
  throw usageError(
    `Who serves the model ${JSON.stringify(name)}? Write ollama:${name}, openai:${name} or anthropic:${name}, give the server with --base-url, or name it provider/model for the AI Gateway.`,
  );
}

/** OpenAI itself has an API of its own kind; what stands in for it has the common one. */
function openai(model: string, baseUrl: string | undefined, apiKeyEnv = 'OPENAI_API_KEY'): ModelSpec {
  if (baseUrl === undefined || isOpenai(baseUrl)) return { provider: 'openai', model, apiKeyEnv };
  return compatible(model, checkBaseUrl(baseUrl), apiKeyEnv);
}

function compatible(model: string, baseUrl: string, apiKeyEnv: string | undefined): ModelSpec {
  return { provider: 'compatible', model, baseUrl, ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }) };
}

function isOpenai(baseUrl: string): boolean {
  return URL.parse(baseUrl)?.hostname === 'api.openai.com';
}

async function onlyModelOf(
  baseUrl: string,
  apiKeyEnv: string | undefined,
  environment: Environment,
  signal: AbortSignal,
): Promise<ModelChoice> {
  const names = await listModels(baseUrl, serverKey(apiKeyEnv, environment), signal);
  const [only] = names;
  if (only === undefined || names.length > 1) {
    const list = names.slice(0, 20).join(', ');
    throw usageError(
      `Which model of ${baseUrl}? It has ${names.length === 0 ? 'none' : list}. Name one with --model.`,
    );
  }
  return {
    spec: compatible(only, baseUrl, apiKeyEnv),
    note: `Using ${only}, the only model of ${baseUrl}.`,
  };
}
