/**
 * The engine of the evidence reader: it samples and scores with core's forward pass, the code that users run, and
 * takes gradients with jax-js. What is drawn depends on the seed and the weights alone.
 */
import type { EvidenceObservation, EvidenceTensors } from '@memagent/core/evidence';
import { actionLoss } from '../algorithm/action-loss.ts';
import { createAdamState, stepAdamW } from '../backend/adam-w.ts';
import type { Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import { loadEvidenceCheckpoint, saveEvidenceCheckpoint } from './evidence-checkpoint.ts';
import { createGradient, initialTensors, listOf } from './evidence-tensors.ts';
import { makePickBatch, type PickBatch, shapeFor, type WeighedPicks } from './pick-batch.ts';
import { createPickGradient } from './pick-gradient.ts';
import { samplePicks, scorePicks } from './sample-picks.ts';

export interface EvidenceBackend extends TrainingBackend<EvidenceObservation> {
  /** The weights as they are; not to be changed. */
  readonly tensors: EvidenceTensors;
}

export interface EvidenceBackendOptions {
  /** Names the weights to begin with. */
  seed: number;
  /** The rarity sketch, kept with the weights. */
  sketch: Uint8Array;
  /** Kept with the weights as their name. */
  version: string;
}

/** Conversations of one call into jax-js. */
const batchRows = 16;

export function createEvidenceBackend({ seed, sketch, version }: EvidenceBackendOptions): EvidenceBackend {
  const pickGradient = createPickGradient();
  let tensors = initialTensors(seed);
  let adam = createAdamState(listOf(tensors));
  let trainedOn: Loss['kind'] | undefined;
  let gradient = createGradient();

  /** Gradients of the two losses differ by orders of magnitude: moments of one would hold back the other for long. */
  function adaptTo(kind: Loss['kind']): void {
    if (kind === trainedOn) return;
    trainedOn = kind;
    adam = createAdamState(listOf(tensors));
  }

  return {
    name: 'evidence',
    get tensors() {
      return tensors;
    },

    async sample(request) {
      request.signal?.throwIfAborted();
      return samplePicks(request, tensors);
    },

    async logprobs(data) {
      return data.map((datum) => scorePicks(datum, tensors).logprobs);
    },

    async forwardBackward(data, loss) {
      adaptTo(loss.kind);
      const sums: ForwardBackward = { loss: 0, actions: 0, clipped: 0, kl: 0, drift: 0, entropy: 0 };
      const weighed = data.map((datum) => weighPicks(datum, loss, sums, tensors));
      for (const batch of batchesOf(weighed)) await pickGradient.add(batch, tensors, gradient);
      return sums;
    },

    async optimStep(step) {
      const taken = gradient;
      gradient = createGradient();
      const gradientNorm = stepAdamW(listOf(tensors), listOf(taken), adam, step);
      return { gradientNorm };
    },

    save: (folder) => saveEvidenceCheckpoint(folder, { tensors, sketch, version, adam, trainedOn }),

    async load(folder) {
      ({ tensors, adam, trainedOn } = await loadEvidenceCheckpoint(folder, sketch));
      gradient = createGradient();
    },

    async close() {
      pickGradient.close();
    },
  };
}

/** The derivative of the loss by each action's log-probability; adds the loss's sums to `sums`. */
function weighPicks(
  datum: Datum<EvidenceObservation>,
  loss: Loss,
  sums: ForwardBackward,
  tensors: EvidenceTensors,
): WeighedPicks {
  const { observation, actions, temperature = 1, advantage, scale } = datum;
  const { logprobs, entropy } = scorePicks(datum, tensors);
  const gradients = logprobs.map((logprob, index) => {
    const oldLogprob = datum.logprobs[index] ?? logprob;
    const referenceLogprob = datum.referenceLogprobs?.[index];
    const action = actionLoss({ logprob, oldLogprob, referenceLogprob, advantage, scale }, loss);
    sums.loss += action.loss;
    sums.clipped += Number(action.isClipped);
    sums.kl += action.kl;
    sums.drift += action.drift;
    return action.gradient;
  });
  sums.actions += actions.length;
  sums.entropy += entropy;
  return { observation, actions, gradients, temperature };
}

/** Conversations of like size together, in batches of one shape each. */
function* batchesOf(data: readonly WeighedPicks[]): Generator<PickBatch> {
  const shapes = Map.groupBy(data, (one) => {
    const { candidates, picks } = shapeFor(one);
    return `${candidates} ${picks}`;
  });
  for (const same of shapes.values()) {
    for (let at = 0; at < same.length; at += batchRows) {
      const part = same.slice(at, at + batchRows);
      const [one] = part;
      if (one) yield makePickBatch(part, { rows: batchRows, ...shapeFor(one) });
    }
  }
}
