/** A recipe as a preset: the policy is a language model on an engine elsewhere. */
import {
  createHuggingFaceTokenizer,
  defaultTemplate,
  loadChatEncoder,
  MemagentError,
  parseTemplate,
} from '@memagent/core';
import type { MetricName } from '@memagent/eval';
import type { PreparedPreset, TrainingPreset } from '../presets/preset.ts';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import { metricReward } from '../rollout/metric-reward.ts';
import { createTinyPolicy } from '../tiny/tiny-policy.ts';
import { createRecipeItems } from './recipe-items.ts';
import type { Recipe } from './recipe.ts';

export interface RecipePresetOptions {
  /** Folder of the model's tokenizer with its chat template, as Hugging Face publishes it. */
  tokenizer: string;
  /** Positions to train on, see `filterAnswerable`. Default: all. */
  kept?: readonly number[];
}

/** The preset of a checked recipe. */
export function createRecipePreset(recipe: Recipe, { tokenizer, kept }: RecipePresetOptions): TrainingPreset {
  return {
    name: recipe.name,
    summary: recipe.summary,
    config: recipe.training,
    async prepare({ engine, data }): Promise<PreparedPreset> {
      if (!engine) {
        throw new MemagentError(
          `The recipe ${recipe.name} trains a language model on an engine elsewhere: say which with --backend tinker, --base-url and --model.`,
          { code: 'invalid-option', data: { option: 'backend' } },
        );
      }
      const counter = await createHuggingFaceTokenizer({ tokenizer });
      const template =
        recipe.template === undefined ? defaultTemplate : parseTemplate(recipe.template, recipe.name);
      const policy = createTinyPolicy(engine.backend, template, await loadChatEncoder(tokenizer));
      return {
        setup: {
          policy: policy as PreparedPreset['setup']['policy'],
          sampleAt: await createRecipeItems({ recipe, tokenizer: counter, data, kept }),
          workflow: createAgentWorkflow({ ...recipe.reading, tokenizer: counter }),
          reward: metricReward(recipe.reward as MetricName),
          reference: engine.reference as NonNullable<PreparedPreset['setup']['reference']>,
          keepsBatches: true,
        },
        close: () => engine.close(),
      };
    },
  };
}
