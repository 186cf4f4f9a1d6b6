/** Makes the AI SDK model of a spec. Providers are loaded only when they are used. */
import type { LanguageModel } from 'ai';
import { defaultHome, type Sampling } from '@memagent/core';
import type { Environment } from '../environment.ts';
import { usageError } from '../usage-error.ts';
import type { ModelSpec } from './model-spec.ts';
import { hubOptions } from './hub-options.ts';
import { createPatientFetch } from './patient-fetch.ts';
import { defaultKeyEnv } from './server-key.ts';
import { tinkerKeyEnv } from './tinker-spec.ts';

export interface OpenModel {
  model: LanguageModel;
  /** What has to be sent along while reasoning is switched off. */
  reasoningOptions?: NonNullable<Sampling['reasoningOptions']>;
}

/** Servers that apply the model's chat template themselves (vLLM, SGLang, llama.cpp) switch reasoning there. */
const withoutThinking = { compatible: { chat_template_kwargs: { enable_thinking: false } } };

/** Opens a model. `isAsked` is false where it only counts and nothing is sent: then no key is needed. */
export async function openModel(
  spec: ModelSpec,
  environment: Environment,
  { isAsked }: { isAsked: boolean },
): Promise<OpenModel> {
  const fetch = createPatientFetch();
  const keyFrom = (name: string): string => {
    const key = environment.secret(name) ?? (isAsked ? undefined : 'none');
    if (key === undefined) throw missingKey(spec, name);
    return key;
  };
  switch (spec.provider) {
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const { baseUrl: baseURL, model, apiKeyEnv } = spec;
      const apiKey = apiKeyEnv === undefined ? environment.secret(defaultKeyEnv) : keyFrom(apiKeyEnv);
      const provider = createOpenAICompatible({
        name: 'compatible',
        baseURL,
        fetch,
        // Those that cannot hold a model to a schema refuse it, and are asked without.
        supportsStructuredOutputs: true,
        ...(apiKey === undefined ? {} : { apiKey }),
      });
      return { model: provider.chatModel(model), reasoningOptions: withoutThinking };
    }
    case 'ollama': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const provider = createOpenAICompatible({
        name: 'ollama',
        baseURL: spec.baseUrl,
        fetch,
        supportsStructuredOutputs: true,
      });
      return { model: provider.chatModel(spec.model) };
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      // The address is given so that the provider does not take one from the environment behind our back.
      const baseURL = 'https://api.openai.com/v1';
      return { model: createOpenAI({ apiKey: keyFrom(spec.apiKeyEnv), baseURL, fetch })(spec.model) };
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      const baseURL = spec.baseUrl ?? 'https://api.anthropic.com/v1';
      return { model: createAnthropic({ apiKey: keyFrom(spec.apiKeyEnv), baseURL, fetch })(spec.model) };
    }
    case 'tinker': {
      const { fetchTokenizer, openTinkerModel } = await import('@memagent/train');
      const { baseUrl, model, tokenizer, apiKeyEnv } = spec;
      const key = apiKeyEnv === undefined ? environment.secret(tinkerKeyEnv) : keyFrom(apiKeyEnv);
      const connection = { baseUrl, fetch, apiKey: key ?? 'tml-none' };
      return openTinkerModel({
        connection,
        source: model,
        tokenizer:
          tokenizer ??
          ((name) =>
            fetchTokenizer({ model: name, ...hubOptions(environment, environment.home ?? defaultHome()) })),
      });
    }
    case 'gateway': {
      const { createGateway } = await import('ai');
      return { model: createGateway({ apiKey: keyFrom(spec.apiKeyEnv), fetch })(spec.model) };
    }
    default:
      return spec satisfies never;
  }
}

function missingKey({ provider, model }: ModelSpec, name: string): Error {
  return usageError(
    `The model ${provider === 'compatible' ? '' : `${provider}:`}${model} needs a key in the environment variable ${name}, which is not set. Set it, or name another one with --api-key-env.`,
  );
}
