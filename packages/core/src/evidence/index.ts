/** @packageDocumentation The evidence reader's parts, for training it: `@memagent/core/evidence`. */
export { candidateFeatures } from './candidate-features.ts';
export { bagSlots, parseEvidenceQuestion } from './evidence-question.ts';
export {
  type EvidenceTensors,
  networkShape,
  type NetworkRun,
  runNetwork,
  type TensorName,
  tensorShapes,
} from './evidence-network.ts';
export { createEvidenceReader, type EvidenceReaderOptions } from './evidence-reader.ts';
export { type EvidenceSentence, evidenceSentences } from './evidence-sentence.ts';
export {
  type EvidenceStep,
  type EvidenceStepInput,
  type EvidenceStepTools,
  prepareEvidenceStep,
} from './evidence-step.ts';
export { type EvidenceWeights, loadEvidenceWeights, shippedWeights, sketchName } from './evidence-weights.ts';
export type { Candidate, EvidenceObservation } from './observation.ts';
export { pickBest } from './pick-best.ts';
export { createPickState, pickFeatures, type PickState, stopFeatures } from './pick-state.ts';
export { rarityShape, sketchRarity } from './rarity.ts';
export { createLexicon, type Lexicon } from './term-hash.ts';
