import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { LanguageModel } from 'ai';
import { MemagentError } from '../errors.ts';

/**
 * Any model of the AI SDK as the current version of its interface. A string is looked up as the AI SDK does: in
 * the host program's default provider, else the AI Gateway. The AI SDK itself is loaded only when it is needed.
 */
export async function resolveModel(model: LanguageModel): Promise<LanguageModelV4> {
  if (typeof model !== 'string' && model.specificationVersion === 'v4') return model;
  const { gateway, wrapLanguageModel } = await import('ai');
  if (typeof model === 'string') {
    const provider = globalThis.AI_SDK_DEFAULT_PROVIDER ?? gateway;
    return resolveModel(provider.languageModel(model));
  }
  if (model.specificationVersion === 'v2' || model.specificationVersion === 'v3') {
    return wrapLanguageModel({ model, middleware: [] });
  }
  throw new MemagentError(
    `model: expected an AI SDK LanguageModel (v2, v3 or v4) or a model id, received specificationVersion ${JSON.stringify((model as { specificationVersion?: unknown }).specificationVersion)}.`,
    { code: 'invalid-option', data: { option: 'model' } },
  );
}
