/** What the tiny model is trained on: the recipe that presets and ablations change parts of. */
import { createHuggingFaceTokenizer } from '@memagent/core';
import { createRandom, type EvalItem } from '@memagent/eval';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import type { TrainingSetup } from '../trainer/training-setup.ts';
import type { RemoteEngine } from '../presets/preset.ts';
import { demonstrationsAt } from './demonstrations.ts';
import type { TinyObservation } from './sample-batch.ts';
import { createTinyBackend } from './tiny-backend.ts';
import { defaultTinyConfig, type TinyConfig } from './tiny-config.ts';
import { readTinyConfig, readTinyWeights } from './tiny-files.ts';
import { createTinyPolicy } from './tiny-policy.ts';
import { roomTokens, tinyBudgets, tinyTemplate, tinyTemplateWithoutGate } from './tiny-prompt.ts';
import { createTinyItem, sectionWords, type TinyTaskName } from './tiny-task.ts';
import { tokenizerConfigJson, tokenizerJson } from './tiny-tokenizer.ts';

export interface TinyRecipe {
  /** Names the first weights and every document; evaluation uses seeds from {@link firstEvaluationSeed} on. */
  seed: number;
  tasks: readonly TinyTaskName[];
  /** Whether the model may keep its memory by one word. */
  hasGate: boolean;
  /** Lengths of the documents of reinforcement learning: so many samples with so many sections, the last for all that follow. */
  lengths: readonly { samples: number; sections: number }[];
  /** Words of each section in reinforcement learning. Default: those of the published tasks. */
  words?: number;
  /** Most distractors of a section in reinforcement learning. Default: those of the published tasks. */
  distractors?: number;
  /** Conversations of a supervised batch, and steps with sections of 16 words; the rest as in `DemonstrationOptions`. */
  demonstrations: { size: number; shortSteps: number; distractors?: number; undecided?: boolean };
  /** Default: that of `weights`, or else the published shape. */
  config?: TinyConfig;
  /** Folder of a model of that shape whose weights it begins with. Not for an engine elsewhere, which has its own. */
  weights?: string;
}

/** Seeds of documents from here on belong to evaluation; training must stay below. */
export const firstEvaluationSeed = 1_000_000;

/** Makes the backend (or takes one elsewhere), the policy and the samples of a recipe. `close` frees the engine. */
export async function createTinySetup(
  recipe: TinyRecipe,
  engine?: RemoteEngine,
): Promise<{ setup: TrainingSetup<TinyObservation>; close(): Promise<void> }> {
  const { seed, tasks, hasGate, demonstrations, weights } = recipe;
  const config = recipe.config ?? (weights === undefined ? defaultTinyConfig : await readTinyConfig(weights));
  const template = hasGate ? tinyTemplate : tinyTemplateWithoutGate;
  const tensors = weights === undefined ? {} : { tensors: await readTinyWeights(weights, config) };
  const backend = engine?.backend ?? createTinyBackend({ config, seed, ...tensors });
  return {
    setup: {
      policy: createTinyPolicy(backend, template),
      sampleAt: (position) => trainingItem(recipe, position),
      workflow: createAgentWorkflow(await tinyReading(recipe.words)),
      ...(engine ? { reference: engine.reference, keepsBatches: true } : {}),
      demonstrationsAt: (step) => demonstrationsAt(step, { template, tasks, seed, ...demonstrations }),
    },
    close: () => (engine ?? backend).close(),
  };
}

/** How the agent reads the tiny tasks: their budgets, counted by the tiny tokenizer. */
export async function tinyReading(words: number = sectionWords) {
  const tokenizer = await createHuggingFaceTokenizer({
    tokenizer: tokenizerJson,
    config: tokenizerConfigJson,
  });
  return { ...tinyBudgets, sectionTokens: words + roomTokens, tokenizer };
}

function trainingItem({ seed, tasks, lengths, words, distractors }: TinyRecipe, position: number): EvalItem {
  let first = 0;
  const length = lengths.find(({ samples }) => (first += samples) > position) ?? lengths.at(-1);
  const name = createRandom(`task/${seed}/${position}`).pick(tasks);
  const sections = length?.sections ?? 8;
  return createTinyItem({
    name,
    sections,
    seed,
    index: position,
    ...(words ? { words } : {}),
    ...(distractors === undefined ? {} : { distractors }),
  });
}
