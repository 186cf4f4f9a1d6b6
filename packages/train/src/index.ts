/** @packageDocumentation Training of memory agents: Multi-Conv DAPO over the agent's own runs. */
export type { Conversation, Group, Reward, Rollout, Sample } from './glossary.ts';
export type {
  ActionSampler,
  AdamStep,
  Datum,
  ForwardBackward,
  Loss,
  OptimStep,
  SampledActions,
  SampleRequest,
  TakenActions,
  TrainingBackend,
} from './backend/backend.ts';
export type { Policy, RolloutSampling } from './policy/policy.ts';
export type { RewardFunction, Workflow, WorkflowInput, WorkflowOutcome } from './policy/workflow.ts';
export type { StepMetrics } from './trainer/metrics.ts';
export type { ConversationRecord, RolloutRecord } from './trainer/rollout-record.ts';
export { type ActionLoss, actionLoss, type ScoredAction } from './algorithm/action-loss.ts';
export { actionScales, type Aggregation } from './algorithm/action-scales.ts';
export { groupAdvantages } from './algorithm/group-advantages.ts';
export { type AdamState, createAdamState, stepAdamW } from './backend/adam-w.ts';
export { createDraws } from './backend/create-draws.ts';
export { drawSeed } from './rollout/draw-seed.ts';
export { initialTrainerState, type TrainerState } from './trainer/trainer-state.ts';
export {
  checkTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
  trainingConfigSchema,
} from './trainer/training-config.ts';
export type { TrainingEvent, TrainingNoticeCode } from './trainer/training-event.ts';
export type { Demonstration, TrainingSetup } from './trainer/training-setup.ts';
export { train, type TrainOptions } from './trainer/train.ts';
export { runTraining, type RunTrainingOptions } from './trainer/run-training.ts';
export { keepTraining, type KeepTrainingOptions } from './trainer/keep-training.ts';
export { type AgentReading, createAgentWorkflow } from './rollout/agent-workflow.ts';
export { metricReward } from './rollout/metric-reward.ts';
export {
  type Checkpoint,
  listCheckpoints,
  loadCheckpoint,
  saveCheckpoint,
} from './checkpoint/checkpoint-folder.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from './checkpoint/safetensors.ts';
export type { PreparedPreset, PresetOptions, RemoteEngine, TrainingPreset } from './presets/preset.ts';
export { findTrainingPreset, presets } from './presets/presets.ts';
export { readRunDescription, type RunDescription } from './trainer/run-folder.ts';
export { describeUsage } from './report/describe-usage.ts';
export { readUsage } from './trainer/usage-log.ts';
export { type TrainingReportOptions, writeTrainingReport } from './report/write-training-report.ts';
export { createTinyLanguageModel, createTinyModel, type TinyReply } from './tiny/tiny-model.ts';
export { createTinyBackend, type TinyBackendOptions } from './tiny/tiny-backend.ts';
export { createTinyPolicy } from './tiny/tiny-policy.ts';
export { tinyBudgets, tinyTemplate, tinyTemplateWithoutGate } from './tiny/tiny-prompt.ts';
export { createTinySetup, firstEvaluationSeed, type TinyRecipe } from './tiny/tiny-setup.ts';
export { smokeRecipe, tinyRecipe, tinyTraining } from './tiny/tiny-preset.ts';
export { createTinyItem, createTinyTask, type TinyTaskName, tinyTaskNames } from './tiny/tiny-task.ts';
export { evaluateTiny, readTinyResults, type TinyResult } from './tiny/evaluate-tiny.ts';
export { summarizeTiny } from './tiny/summarize-tiny.ts';
export {
  createTinkerBackend,
  type TinkerBackend,
  type TinkerBackendOptions,
} from './tinker/tinker-backend.ts';
export { openTinkerEngine, type TinkerEngineOptions } from './tinker/open-tinker-engine.ts';
export { type LocalTinker, openLocalTinker } from './tinker/local-tinker.ts';
export { readSavedState, type SavedState } from './tinker/saved-state.ts';
export { addTokens, costOf, noTokens, type TokenCount, type TokenPrices } from './backend/token-count.ts';
export {
  loadTinyBase,
  serveTinker,
  type ServeTinkerOptions,
  type TinkerServer,
  tinyBaseModel,
} from './tinker/server/serve-tinker.ts';
export type { BaseModel } from './tinker/server/tinker-service.ts';
export { describeExport, type ExportedModel } from './tinker/describe-export.ts';
export { fetchTokenizer, type FetchTokenizerOptions, isHubName } from './tinker/fetch-tokenizer.ts';
export { openTinkerModel, type TinkerModelOptions } from './tinker/open-tinker-model.ts';
export { checkRecipe, type Recipe, recipeSchema } from './tinker/recipe.ts';
export { createRecipeItems, type RecipeItemsOptions } from './tinker/recipe-items.ts';
export { createRecipePreset, type RecipePresetOptions } from './tinker/create-recipe-preset.ts';
export {
  filterAnswerable,
  type FilterLine,
  type FilterOptions,
  keptPositions,
  readFilter,
} from './tinker/filter-answerable.ts';
