/** @packageDocumentation Training of memory agents: Multi-Conv DAPO over the agent's own runs. */
export type { Conversation, Group, Reward, Rollout, Sample } from './glossary.ts';
export type {
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
