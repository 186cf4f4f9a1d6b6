/** The tiny model as a policy: core's own model reader asks it, and each conversation is recorded as it was sampled. */
import {
  type Answer,
  type ChatEncoder,
  createLimits,
  createModelReader,
  defaultRetryPolicy,
  MemagentError,
  noUsage,
  type PromptTemplate,
  type Reader,
} from '@memagent/core';
import type { TrainingBackend } from '../backend/backend.ts';
import type { Policy } from '../policy/policy.ts';
import { drawSeed } from '../rollout/draw-seed.ts';
import type { TinyObservation } from './sample-batch.ts';
import { createTinyLanguageModel } from './tiny-model.ts';
import { tinyChat } from './tiny-tokenizer.ts';

/** A reply that ended at once is what the policy chose to do, and an answer: the empty one. Throws all other errors. */
function answerNothing(error: unknown): Answer {
  const isEmpty = error instanceof MemagentError && error.data['outcome'] === 'empty';
  if (!isEmpty) throw error;
  return { text: '', found: false, usage: noUsage };
}

/** A policy that reads with a template; of any model that takes tokens, where `chat` is its own. */
export function createTinyPolicy(
  backend: TrainingBackend<TinyObservation>,
  template: PromptTemplate,
  chat: ChatEncoder = tinyChat,
): Policy<TinyObservation> {
  // The batch is the limit. A reply of no use is the policy's own fault: it is not asked again.
  const limits = createLimits({ concurrency: Number.MAX_SAFE_INTEGER });
  const retry = { ...defaultRetryPolicy, retries: 0 };

  return {
    backend,

    createReader({ temperature, topP, seed, sampler = backend, record }) {
      /** Each step is one conversation with draws of its own. */
      const readerOf = (step: string, isAnswer: boolean): Reader =>
        createModelReader({
          model: createTinyLanguageModel({
            backend: sampler,
            chat,
            seed: drawSeed(`${seed}/${step}`),
            onReply: ({ observation, sampled: { actions, logprobs } }) =>
              record({ step, observation, actions, logprobs, isAnswer }),
          }),
          template,
          limits,
          retry,
          sampling: { temperature, topP },
        });
      const { name, model, settings, overhead } = readerOf('', false);
      return {
        name,
        ...(model ? { model } : {}),
        settings,
        overhead,
        update: (input, context) => readerOf(context.step, false).update(input, context),
        merge: (input, context) => readerOf(context.step, false).merge(input, context),
        answer: (input, context) => readerOf(context.step, true).answer(input, context).catch(answerNothing),
      };
    },

    describe: ({ observation, actions }) => ({
      observation: chat.spell(observation),
      action: chat.spell(actions),
    }),
  };
}
