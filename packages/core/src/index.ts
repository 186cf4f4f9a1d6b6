/** @packageDocumentation The reading agent. Start at `read`. */
export { read, resume } from './run/read.ts';
export { estimateExtract, extract, resumeExtract } from './extract/extract.ts';
export type { ExtractOptions, ExtractRun, ResumeExtractOptions } from './extract/extract.ts';
export type { ExtractionOptions } from './extract/prepare-extraction.ts';
export { readRecords } from './extract/read-records.ts';
export { fieldsOf } from './extract/record-schema.ts';
export type {
  Dropped,
  DropReason,
  ExtractedRecord,
  ExtractionSummary,
  FieldCitation,
  FieldValue,
  RecordFields,
  RecordMention,
} from './extract/records.ts';
export { estimate, type Estimate, type EstimateOptions } from './run/estimate.ts';
export { prepareReading, type Reading } from './run/prepare-reading.ts';
export { replayEvents, type Replay } from './run/replay.ts';
export type { Run, StructuredResult } from './run/run.ts';
export type { ReadingOptions, ReadOptions, ResumeOptions, SessionOptions } from './run/read-options.ts';
export { createBudget, type RunBudget, type RunLimits } from './run/run-budget.ts';
export type { RunSettings } from './run/settings.ts';
export {
  type NoticeCode,
  type RunEvent,
  type RunEventBody,
  type RunResult,
  type StoredEvent,
  traceVersion,
} from './run/events.ts';

export {
  MemagentError,
  RunStoppedError,
  messageOf,
  type ErrorCode,
  type MemagentErrorOptions,
} from './errors.ts';
export type { Json } from './json.ts';
export type { JsonSchema } from './structured/json-schema.ts';

export type {
  SourceInfo,
  SourceInput,
  SourceRecord,
  SourceSpan,
  SourceSpec,
  PageStart,
} from './source/source.ts';
export { createSpanReader, type SpanReader } from './source/span-reader.ts';
export type { Section, SectionSpan } from './section/section.ts';

export type { Citation } from './citation/citation.ts';
export { citeAnswer } from './citation/cite-answer.ts';
export { supported } from './citation/supported.ts';
export { parseMarkedSentences, removeMarks } from './citation/marked-sentences.ts';

export { longContext, type LongContextOptions } from './ai-sdk/long-context.ts';
export { memagentModel, type MemagentModelOptions } from './ai-sdk/memagent-model.ts';

export { chatText, type ChatText } from './chat/chat-text.ts';
export { askedFor } from './chat/asked-for.ts';
export { inPlaceOf } from './chat/in-place-of.ts';
export {
  type ChatPart,
  type ChatStretch,
  type DocumentRule,
  findDocument,
  type FindDocumentOptions,
  type FoundDocument,
} from './chat/find-document.ts';

export type {
  Answer,
  AnswerInput,
  Memory,
  MergeInput,
  Passage,
  Reader,
  StepContext,
  StepKind,
  Update,
  UpdateInput,
} from './reader/reader.ts';
export { createEvidenceReader, type EvidenceReaderOptions } from './evidence/evidence-reader.ts';
export { type EvidenceWeights, loadEvidenceWeights } from './evidence/evidence-weights.ts';
export { createExtractiveReader, type ExtractiveReaderOptions } from './reader/extractive-reader.ts';
export { createModelReader, type ModelReaderOptions } from './reader/model-reader.ts';

export type { Strategy, StrategyOutcome, StrategyRun } from './strategy/strategy.ts';
export { upperBound, type StepCounts, type StrategyEstimate } from './strategy/upper-bound.ts';
export { findStrategy, strategies } from './strategy/strategies.ts';
export { type AgainStep, parseAgainStep } from './strategy/again-step.ts';

export { defaultTemplate } from './prompt/default-template.ts';
export { isNotFound } from './prompt/not-found.ts';
export { boxedContent, unwrapBoxed } from './prompt/unwrap-boxed.ts';
export { type PromptSlots, renderPrompt } from './prompt/render-prompt.ts';
export { loadTemplate, parseTemplate, type PromptTemplate } from './prompt/template.ts';

export type { PromptMessage, TokenLearner, Tokenizer, TokenReport } from './tokenizer/tokenizer.ts';
export { addWeights, noWeight, type Weight } from './tokenizer/weight.ts';
export { createEstimateTokenizer } from './tokenizer/estimate-tokenizer.ts';
export { type ChatEncoder, loadChatEncoder } from './tokenizer/chat-encoder.ts';
export { createHuggingFaceTokenizer } from './tokenizer/hugging-face-tokenizer.ts';
export { createTiktokenTokenizer } from './tokenizer/tiktoken-tokenizer.ts';
export { selectTokenizer } from './tokenizer/select-tokenizer.ts';
export { cutToTokens } from './tokenizer/cut-to-tokens.ts';
export { lastSeam } from './tokenizer/seam.ts';

export { type Span, splitSentences } from './text/split-sentences.ts';

export { defaultBudgets, type WindowBudgets } from './window/plan-window.ts';
export type { WindowPlan } from './window/window-plan.ts';

export type { Sampling } from './model/send-request.ts';
export { createLimits, processLimits, type LimitOptions, type Limits } from './model/limits.ts';
export { costOf, type Prices } from './model/price.ts';
export { defaultRetryPolicy, type RetryPolicy } from './model/retry-policy.ts';
export { addUsage, noUsage, type Usage } from './model/usage.ts';

export type { RunLock, RunRecord, RunStatus, RunStore, RunSummary } from './store/run-store.ts';
export { createMemoryRunStore } from './store/memory-run-store.ts';
export { createRunId } from './store/create-run-id.ts';
export { type FileLock, lockFile } from './store/file-lock.ts';
export { createSqliteRunStore } from './store/sqlite-run-store.ts';
export { resolveRunId } from './store/resolve-run-id.ts';
export { runStatus } from './store/run-status.ts';
export { defaultHome } from './home.ts';
