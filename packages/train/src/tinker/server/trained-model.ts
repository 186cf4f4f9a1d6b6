/** One model that the server trains: the tiny engine, driven token by token as the Tinker API describes a loss. */
import { MemagentError } from '@memagent/core';
import type { AdamStep } from '../../backend/backend.ts';
import { createEngine, type LossRows } from '../../tiny/engine.ts';
import { groupByShape, packRows, type RowContent, rowSizeFor, shapeOf } from '../../tiny/pack-rows.ts';
import type { Tensors } from '../../tiny/tensors.ts';
import type { TinyConfig } from '../../tiny/tiny-config.ts';
import { readOptimizer, readTinyWeights, writeTinyModel } from '../../tiny/tiny-files.ts';
import { join } from 'node:path';
import type { TokenDatum } from './token-datum.ts';
import type { TokenLossFunction } from './token-loss.ts';

export interface PassResult {
  /** By datum and token; 0 for tokens before the first that counts, in a pass with gradient. */
  logprobs: readonly (readonly number[])[];
  /** Sum over all tokens. */
  loss: number;
}

export interface TrainedModel {
  forward(data: readonly TokenDatum[], loss: TokenLossFunction): PassResult;
  /** Adds the gradient of the loss, summed over all tokens. */
  forwardBackward(data: readonly TokenDatum[], loss: TokenLossFunction): PassResult;
  /** Returns the norm of the gradient. Throws `not-finite`, with nothing changed and the gradient cleared. */
  optimStep(step: AdamStep): number;
  weights(): Tensors;
  save(folder: string): Promise<void>;
  load(folder: string, options: { withOptimizer: boolean }): Promise<void>;
  close(): void;
}

/** Sizes of batches that are compiled. */
const rowSizes = [16, 64];

/** A part of a datum that is computed: from its first token that counts. */
interface Part {
  datum: TokenDatum;
  from: number;
  content: RowContent;
}

/** Puts weights of a shape to work. */
export function createTrainedModel(config: TinyConfig, initial: Tensors): TrainedModel {
  const engine = createEngine(config, initial);

  function pass(parts: readonly Part[], loss: TokenLossFunction, hasGradient: boolean): PassResult {
    const logprobs = parts.map(({ datum }) => datum.tokens.map(() => 0));
    let total = 0;
    const contents = parts.map(({ content }) => content);
    for (const indices of groupByShape(contents, rowSizes)) {
      const members = indices.map((index) => parts[index] as Part);
      const rows = packRows(
        members.map(({ content }) => content),
        rowSizeFor(members.length, rowSizes),
      );
      const slots = shapeOf((members[0] as Part).content).actionSlots;
      const data = emptyRows(rows.rows * slots);
      members.forEach(({ datum, from }, row) => data.actions.set(datum.targets.slice(from), row * slots));
      const scores = engine.logprobs(rows, data.actions, data.temperature);
      members.forEach(({ datum, from }, row) => {
        for (let at = from; at < datum.tokens.length; at += 1) {
          const place = row * slots + at - from;
          const logprob = scores[place] as number;
          (logprobs[indices[row] as number] as number[])[at] = logprob;
          const { loss: value, gradient } = loss({
            logprob,
            sampledLogprob: datum.logprobs[at] as number,
            advantage: datum.advantages[at] as number,
            weight: datum.weights[at] as number,
          });
          total += value;
          data.counts[place] = 1;
          data.scale[place] = -gradient;
        }
      });
      if (hasGradient) engine.addGradient(rows, data, { kind: 'cross-entropy' });
    }
    return { logprobs, loss: total };
  }

  return {
    forward: (data, loss) =>
      pass(
        data.map((datum) => partFrom(datum, 0)),
        loss,
        false,
      ),
    forwardBackward: (data, loss) =>
      pass(
        data.map((datum) => partFrom(datum, firstThatCounts(datum))),
        loss,
        true,
      ),
    optimStep(step) {
      const norm = engine.gradientNorm();
      if (!Number.isFinite(norm)) {
        engine.clearGradient();
        throw new MemagentError(`The gradient is not finite (norm ${norm}); the weights were not changed.`, {
          code: 'not-finite',
          data: { norm },
        });
      }
      engine.step(step, Math.min(1, step.clipNorm / (norm + 1e-6)));
      return norm;
    },
    weights: () => engine.weights(),
    save: (folder) => writeTinyModel(folder, config, engine.weights(), engine.optimizer()),
    async load(folder, { withOptimizer }) {
      const weights = await readTinyWeights(folder, config);
      const path = join(folder, 'optimizer.safetensors');
      engine.restore(weights, withOptimizer ? await readOptimizer(path, config) : undefined);
    },
    close: () => engine.close(),
  };
}

/** The engine takes a prompt and the actions after it: here the tokens up to `from`, and those after. */
function partFrom(datum: TokenDatum, from: number): Part {
  const { tokens, targets } = datum;
  return {
    datum,
    from,
    // The last action is read by nothing: any token will do.
    content: { prompt: tokens.slice(0, from + 1), actions: [...tokens.slice(from + 1), targets.at(-1) ?? 0] },
  };
}

/** Tokens before it have no part in the loss, as those of a prompt. */
function firstThatCounts({ weights, advantages, tokens }: TokenDatum): number {
  const hasAdvantages = advantages.some((advantage) => advantage !== 0);
  const first = tokens.findIndex((_, at) => weights[at] !== 0 && (!hasAdvantages || advantages[at] !== 0));
  return Math.max(0, first);
}

function emptyRows(size: number): LossRows {
  const floats = (fill: number): Float32Array => new Float32Array(size).fill(fill);
  return {
    actions: new Int32Array(size),
    counts: floats(0),
    scale: floats(0),
    advantage: floats(1),
    temperature: floats(1),
    oldLogprobs: floats(0),
    referenceLogprobs: floats(0),
    hasReference: floats(0),
  };
}
