/**
 * Samples with any of the weights that clients ask for, on one compiled engine: requests that wait together and ask
 * for the same weights are one batch, and other weights are loaded between batches.
 */
import { MemagentError } from '@memagent/core';
import { batchCalls } from '../../tiny/batch-calls.ts';
import type { SampledActions, SampleRequest } from '../../backend/backend.ts';
import { createEngine, type Engine } from '../../tiny/engine.ts';
import { packRows, rowSizeFor, shapeOf } from '../../tiny/pack-rows.ts';
import { sampleBatch, type TinyObservation } from '../../tiny/sample-batch.ts';
import type { Tensors } from '../../tiny/tensors.ts';
import type { TinyConfig } from '../../tiny/tiny-config.ts';

export interface SamplingRequest {
  weights: Tensors;
  /** Tokens that end a reply. */
  ends: readonly number[];
  request: SampleRequest<TinyObservation>;
}

export interface SamplingRoom {
  sample(request: SamplingRequest): Promise<SampledActions>;
  /** Log-probabilities of a text's tokens from the second on. */
  score(weights: Tensors, tokens: readonly number[]): readonly number[];
  close(): void;
}

export function createSamplingRoom(config: TinyConfig): SamplingRoom {
  let engine: Engine | undefined;
  let loaded: Tensors | undefined;

  function engineWith(weights: Tensors): Engine {
    if (!engine) engine = createEngine(config, weights);
    else if (loaded !== weights) engine.restore(weights, undefined);
    loaded = weights;
    return engine;
  }

  const calls = batchCalls<SamplingRequest, SampledActions>((requests) => {
    const results = new Map<SamplingRequest, SampledActions>();
    for (const group of groupAlike(requests)) {
      const { weights, ends } = group[0] as SamplingRequest;
      const sampled = sampleBatch(
        engineWith(weights),
        new Set(ends),
        group.map(({ request }) => request),
      );
      group.forEach((one, index) => results.set(one, sampled[index] as SampledActions));
    }
    return requests.map((request) => results.get(request) as SampledActions);
  });

  return {
    sample: (request) => calls.call(request),
    score(weights, tokens) {
      if (tokens.length < 2) return [];
      const content = { prompt: tokens.slice(0, 1), actions: tokens.slice(1) };
      const rows = packRows([content], rowSizeFor(1, [1]));
      const { actionSlots } = shapeOf(content);
      const actions = new Int32Array(rows.rows * actionSlots);
      actions.set(content.actions);
      const scores = engineWith(weights).logprobs(rows, actions, new Float32Array(actions.length).fill(1));
      return Array.from(scores.subarray(0, content.actions.length));
    },
    close() {
      calls.close(new MemagentError('The server was closed.', { code: 'model-unavailable' }));
      engine?.close();
    },
  };
}

/** Requests of equal weights and ends together, in the order of their first. */
function groupAlike(requests: readonly SamplingRequest[]): SamplingRequest[][] {
  const groups: SamplingRequest[][] = [];
  for (const request of requests) {
    const group = groups.find(
      ([first]) => first?.weights === request.weights && first.ends.join() === request.ends.join(),
    );
    if (group) group.push(request);
    else groups.push([request]);
  }
  return groups;
}
