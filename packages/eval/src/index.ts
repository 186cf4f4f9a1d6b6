/** @packageDocumentation How well a memory agent reads, against length. Start at `runEvaluation`. */
export type { EvalItem, EvidenceSpan } from './item.ts';

export { checkPlan, loadPlan, planSchema, type Plan, type PlanInput } from './plan/plan.ts';
export { estimatePlan, type PlanEstimate } from './plan/estimate-plan.ts';
export { findPreset, presetNames } from './plan/presets.ts';
export { parseLength } from './plan/parse-length.ts';
export { planDataSets } from './plan/plan-data-sets.ts';
export { planItems, type PlanItemsOptions } from './plan/plan-items.ts';

export { openResultFolder, resultsPath } from './runner/result-folder.ts';
export { readRecords } from './runner/read-records.ts';
export { type EvalRecord, type FailedRecord, type ScoredRecord, scoreOf } from './runner/record.ts';
export { type EvaluationOptions, type PlannedItem, runEvaluation } from './runner/run-evaluation.ts';
export type { Subject } from './runner/subject.ts';

export { citationPrecision } from './metrics/citation-precision.ts';
export { evidenceRecall, overlaps } from './metrics/evidence-recall.ts';
export { findMetric } from './metrics/find-metric.ts';
export { normalizeAnswer } from './metrics/normalize-answer.ts';
export type { Metric, MetricInput, MetricName } from './metrics/metric.ts';
export { predictionFor, predictionOf } from './metrics/prediction-of.ts';
export { sectionMarks } from './metrics/section-marks.ts';

export { bundledQuestions } from './documents/bundled-questions.ts';
export {
  createMaterials,
  type MaterialOptions,
  type Materials,
  type QuestionSetName,
} from './documents/materials.ts';
export { meanInterval } from './metrics/statistics/mean-interval.ts';
export { type PairedDifference, pairedBootstrap } from './metrics/statistics/paired-bootstrap.ts';
export { wilsonInterval } from './metrics/statistics/wilson-interval.ts';
export { createRandom, type Random } from './documents/random.ts';
export { findTask, tasks } from './tasks/find-task.ts';
export type { ItemLength, ItemRequest, Task } from './tasks/task.ts';

export { addDataSet, listDataSets, type AddedDataSet, type DataSetListing } from './datasets/catalogue.ts';
export type { DataSet, SkippedRow } from './datasets/data-set.ts';
export { dataSets, findDataSet } from './datasets/data-sets.ts';

export { renderMarkdown } from './report/render-markdown.ts';
export { summarize, type Summary } from './report/summarize.ts';
export { type ReportOptions, writeReport, type WrittenReport } from './report/write-report.ts';
