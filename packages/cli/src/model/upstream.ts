import type { Upstream } from '@memagent/server';
import type { Environment } from '../environment.ts';
import type { ModelSpec } from './model-spec.ts';
import { createPatientFetch } from './patient-fetch.ts';
import { defaultKeyEnv } from './server-key.ts';

/**
 * Where prompts that fit a model's window are handed on as they came: its OpenAI-compatible address. Undefined for
 * one that has none.
 */
export function upstreamOf(spec: ModelSpec, environment: Environment): Upstream | undefined {
  const { provider, model } = spec;
  const at = (baseUrl: string, keyEnv?: string): Upstream => {
    const apiKey = keyEnv === undefined ? undefined : environment.secret(keyEnv);
    return { model, baseUrl, fetch: createPatientFetch(), ...(apiKey === undefined ? {} : { apiKey }) };
  };
  switch (provider) {
    case 'compatible':
      return at(spec.baseUrl, spec.apiKeyEnv ?? defaultKeyEnv);
    case 'ollama':
      return at(spec.baseUrl);
    case 'openai':
      return at('https://api.openai.com/v1', spec.apiKeyEnv);
    case 'anthropic':
      return at(spec.baseUrl ?? 'https://api.anthropic.com/v1', spec.apiKeyEnv);
    case 'gateway':
      return at('https://ai-gateway.vercel.sh/v1', spec.apiKeyEnv);
    case 'tinker':
      return undefined;
    default:
      return spec satisfies never;
  }
}
