import { z } from 'zod';
import { ask, type Connection } from '../http/connection.ts';
import { readJson } from '../http/read-answer.ts';
import { checkpointForm, cursorForm } from './checkpoint-json.ts';
import type { TrainingRun, TrainingRuns } from './training-runs.ts';

const runForm = z
  .object({
    training_run_id: z.string(),
    base_model: z.string(),
    is_lora: z.boolean(),
    lora_rank: z.number().int().nullish(),
    corrupted: z.boolean().nullish(),
    last_request_time: z.string(),
    last_checkpoint: checkpointForm.nullish(),
    last_sampler_checkpoint: checkpointForm.nullish(),
    user_metadata: z.record(z.string(), z.string()).nullish(),
  })
  .transform((run): TrainingRun => ({
    trainingRunId: run.training_run_id,
    baseModel: run.base_model,
    isLora: run.is_lora,
    loraRank: run.lora_rank ?? undefined,
    corrupted: run.corrupted ?? false,
    lastRequestTime: run.last_request_time,
    lastCheckpoint: run.last_checkpoint ?? undefined,
    lastSamplerCheckpoint: run.last_sampler_checkpoint ?? undefined,
    userMetadata: run.user_metadata ?? {},
  }));

const listForm = z.object({ training_runs: z.array(runForm), cursor: cursorForm });

/** The training runs of the server. */
export const createTrainingRuns = (connection: Connection): TrainingRuns => ({
  async list({ limit = 20, offset = 0, signal } = {}) {
    const path = `/api/v1/training_runs?limit=${limit}&offset=${offset}`;
    const answer = await ask(connection, { operation: 'list_training_runs', method: 'GET', path, signal });
    const { training_runs: items, cursor } = readJson('list_training_runs', answer, listForm);
    return { items, totalCount: cursor?.total_count };
  },
  async get(trainingRunId, { signal } = {}) {
    const path = `/api/v1/training_runs/${encodeURIComponent(trainingRunId)}`;
    const answer = await ask(connection, { operation: 'get_training_run', method: 'GET', path, signal });
    return readJson('get_training_run', answer, runForm);
  },
});
