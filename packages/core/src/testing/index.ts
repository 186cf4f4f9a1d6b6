export { faultKinds } from './fault-plan.ts';
export type { FaultFunction, FaultKind, FaultPlan, FaultRate } from './fault-plan.ts';
export { startLoopbackServer } from './loopback-server.ts';
export type { LoopbackServer, LoopbackServerOptions } from './loopback-server.ts';
export type { LoopbackRequest, LoopbackStats } from './loopback-stats.ts';
export { createScriptedModel, promptMessages } from './scripted-model.ts';
export type {
  ScriptedModel,
  ScriptedModelOptions,
  ScriptedReply,
  ScriptedReplyFunction,
  ScriptedReplyParts,
} from './scripted-model.ts';
