import { MemagentError } from '@memagent/core';
import type { Sampler } from '@memagent/tinker';
import type { ActionSampler } from '../backend/backend.ts';
import { onEngine } from './engine-error.ts';
import type { TokenObservation } from './token-data.ts';

/** `sample` of a backend, by an engine's sampler. */
export function createTinkerSampler(
  sampler: () => Promise<Sampler>,
): ActionSampler<TokenObservation>['sample'] {
  return async ({ observation, maxActions, temperature, topP, seed, signal }) => {
    signal?.throwIfAborted();
    const one = await sampler();
    const request = {
      prompt: [{ type: 'text' as const, tokens: observation }],
      maxTokens: maxActions,
      temperature,
      topP,
      // Engines take 31 bits.
      seed: seed >>> 1,
    };
    const { sequences } = await onEngine('sample', () => one.sample(request, signal ? { signal } : {}));
    const [first] = sequences;
    if (!first?.logprobs || first.tokens.length === 0) {
      throw new MemagentError('The engine sampled nothing, or gave no log-probabilities with it.', {
        code: 'model-failed',
      });
    }
    const logprobs = Array.from(first.logprobs);
    return {
      actions: Array.from(first.tokens),
      logprobs,
      // Engines do not tell entropies; the negated log-probability of what was sampled is an estimate of one.
      entropy: logprobs.reduce((sum, logprob) => sum - logprob, 0) / logprobs.length,
      finish: first.stopReason === 'stop' ? 'end' : 'length',
    };
  };
}
