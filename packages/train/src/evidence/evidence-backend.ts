/**
 * The engine of the evidence reader: it samples and scores with core's forward pass, the code that users run, and
 * takes gradients with `pick-gradient.ts`. What is drawn depends on the seed and the weights alone.
 */
import type { EvidenceObservation, EvidenceTensors } from '@memagent/core/evidence';
import { actionLoss } from '../algorithm/action-loss.ts';
import { createAdamState, stepAdamW } from '../backend/adam-w.ts';
import type { Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import { loadEvidenceCheckpoint, saveEvidenceCheckpoint } from './evidence-checkpoint.ts';
import { createGradient, initialTensors, listOf } from './evidence-tensors.ts';
import { addPickGradient, type WeighedPicks } from './pick-gradient.ts';
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

export function createEvidenceBackend({ seed, sketch, version }: EvidenceBackendOptions): EvidenceBackend {
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
      for (const datum of data) addPickGradient(weighPicks(datum, loss, sums, tensors), tensors, gradient);
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

    async close() {},
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
