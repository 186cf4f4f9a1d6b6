/** The tiny model as an AI SDK language model, for `read` and for anything else that takes one. */
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ChatEncoder, PromptMessage } from '@memagent/core';
import type { SampledActions, TrainingBackend } from '../backend/backend.ts';
import { drawSeed } from '../rollout/draw-seed.ts';
import type { TinyObservation } from './sample-batch.ts';
import { createTinyBackend } from './tiny-backend.ts';
import { readTinyConfig, readTinyWeights } from './tiny-files.ts';
import { tinyChat } from './tiny-tokenizer.ts';

export interface TinyReply {
  observation: TinyObservation;
  sampled: SampledActions;
}

export interface TinyLanguageModelOptions {
  /** How messages become tokens, and tokens text. Default: as the tiny tokenizer says. */
  chat?: ChatEncoder;
  /** Default `tiny`. */
  modelId?: string;
  backend: Pick<TrainingBackend<TinyObservation>, 'sample'>;
  /** Names the draws. Default: the call's own seed (or 0) and its prompt, so that equal calls have equal replies. */
  seed?: number;
  /** Hears of each reply, token by token as it was sampled. */
  onReply?: (reply: TinyReply) => void;
}

/** A language model that samples from a tiny model's backend. */
export function createTinyLanguageModel({
  chat = tinyChat,
  modelId = 'tiny',
  backend,
  seed,
  onReply,
}: TinyLanguageModelOptions): LanguageModelV4 {
  async function generate(call: LanguageModelV4CallOptions) {
    const observation = chat.encode(call.prompt.map(messageOf));
    const sampled = await backend.sample({
      observation,
      maxActions: call.maxOutputTokens ?? 16,
      temperature: call.temperature ?? 1,
      topP: call.topP ?? 1,
      seed: seed ?? drawSeed(`${call.seed ?? 0}/${observation.join()}`),
      ...(call.abortSignal ? { signal: call.abortSignal } : {}),
    });
    onReply?.({ observation, sampled });
    return { observation, sampled, text: chat.decode(sampled.actions) };
  }

  return {
    specificationVersion: 'v4',
    provider: 'memagent',
    modelId,
    supportedUrls: {},

    async doGenerate(call) {
      const { observation, sampled, text } = await generate(call);
      return {
        content: [{ type: 'text', text }],
        finishReason: finishReason(sampled),
        usage: usageOf(observation, sampled),
        warnings: [],
      };
    },

    async doStream(call) {
      const { observation, sampled, text } = await generate(call);
      return {
        stream: new ReadableStream({
          start(controller) {
            controller.enqueue({ type: 'stream-start', warnings: [] });
            controller.enqueue({ type: 'text-start', id: '0' });
            controller.enqueue({ type: 'text-delta', id: '0', delta: text });
            controller.enqueue({ type: 'text-end', id: '0' });
            controller.enqueue({
              type: 'finish',
              finishReason: finishReason(sampled),
              usage: usageOf(observation, sampled),
            });
            controller.close();
          },
        }),
      };
    },
  };
}

/** Loads the tiny model of a folder, of which it needs the weights and the configuration. Calls that wait at the same time are computed together. */
export async function createTinyModel(
  folder: string,
): Promise<{ model: LanguageModelV4; close(): Promise<void> }> {
  const config = await readTinyConfig(folder);
  const tensors = await readTinyWeights(folder, config);
  const backend = createTinyBackend({ config, seed: 0, tensors });
  return { model: createTinyLanguageModel({ backend }), close: () => backend.close() };
}

function messageOf({ role, content }: LanguageModelV4CallOptions['prompt'][number]): PromptMessage {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  return { role: role === 'system' ? 'system' : 'user', content: text };
}

function finishReason({ finish }: SampledActions) {
  return finish === 'end'
    ? ({ unified: 'stop', raw: 'end' } as const)
    : ({ unified: 'length', raw: 'length' } as const);
}

function usageOf(observation: TinyObservation, { actions }: SampledActions) {
  return {
    inputTokens: {
      total: observation.length,
      noCache: observation.length,
      cacheRead: undefined,
      cacheWrite: undefined,
    },
    outputTokens: { total: actions.length, text: actions.length, reasoning: undefined },
  };
}
