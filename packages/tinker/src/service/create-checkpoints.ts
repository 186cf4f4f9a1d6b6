import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import { ask, type Connection } from '../http/connection.ts';
import { postJson, type HttpRequest } from '../http/http-request.ts';
import { readJson } from '../http/read-answer.ts';
import { checkpointForm, cursorForm } from './checkpoint-json.ts';
import { parseCheckpointPath } from './checkpoint-path.ts';
import type { Checkpoints, WeightsInfo } from './checkpoints.ts';

const listForm = z.object({ checkpoints: z.array(checkpointForm), cursor: cursorForm });

const weightsInfoForm = z
  .object({
    base_model: z.string(),
    is_lora: z.boolean(),
    lora_rank: z.number().int().nullish(),
    train_unembed: z.boolean().nullish(),
    train_mlp: z.boolean().nullish(),
    train_attn: z.boolean().nullish(),
  })
  .transform((info): WeightsInfo => ({
    baseModel: info.base_model,
    isLora: info.is_lora,
    loraRank: info.lora_rank ?? undefined,
    trainUnembed: info.train_unembed ?? undefined,
    trainMlp: info.train_mlp ?? undefined,
    trainAttn: info.train_attn ?? undefined,
  }));

/** The saved weights of the server. */
export function createCheckpoints(connection: Connection): Checkpoints {
  const change = async (
    operation: string,
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal | undefined,
    body?: object,
  ) => {
    const request = postJson(operation, body ?? {}, { signal });
    await ask(connection, { ...request, method, path });
  };
  return {
    async list({ limit = 100, offset = 0, signal } = {}) {
      const path = `/api/v1/checkpoints?limit=${limit}&offset=${offset}`;
      const answer = await ask(connection, { operation: 'list_checkpoints', method: 'GET', path, signal });
      const { checkpoints, cursor } = readJson('list_checkpoints', answer, listForm);
      return { items: checkpoints, totalCount: cursor?.total_count };
    },
    async ofRun(trainingRunId, { signal } = {}) {
      const path = `/api/v1/training_runs/${encodeURIComponent(trainingRunId)}/checkpoints`;
      const answer = await ask(connection, { operation: 'list_checkpoints', method: 'GET', path, signal });
      return readJson('list_checkpoints', answer, listForm).checkpoints;
    },
    async info(path, { signal } = {}) {
      parseCheckpointPath(path);
      const answer = await ask(connection, postJson('weights_info', { tinker_path: path }, { signal }));
      return readJson('weights_info', answer, weightsInfoForm);
    },
    async archiveUrl(path, { signal } = {}) {
      const answer = await askArchive(connection, path, signal);
      const location = answer.headers.get('location');
      return location ?? readJson('archive', answer, z.object({ url: z.string() })).url;
    },
    delete: async (path, { signal } = {}) => change('delete_checkpoint', 'DELETE', restPath(path), signal),
    publish: async (path, { signal } = {}) =>
      change('publish_checkpoint', 'POST', `${restPath(path)}/publish`, signal),
    unpublish: async (path, { signal } = {}) =>
      change('unpublish_checkpoint', 'DELETE', `${restPath(path)}/publish`, signal),
    setTtl: async (path, ttlSeconds, { signal } = {}) =>
      change('set_checkpoint_ttl', 'PUT', `${restPath(path)}/ttl`, signal, { ttl_seconds: ttlSeconds }),
  };
}

/** Some servers name an archive with the kind of the weights, SkyRL without. */
async function askArchive(connection: Connection, path: string, signal: AbortSignal | undefined) {
  const { name } = parseCheckpointPath(path);
  const full = restPath(path);
  const request = { operation: 'archive', method: 'GET', signal, mayRedirect: true } as const;
  try {
    return await ask(connection, { ...request, path: `${full}/archive` });
  } catch (error) {
    if (!(error instanceof TinkerError) || (error.status !== 404 && error.status !== 405)) throw error;
    return ask(connection, {
      ...request,
      path: `${full.replace(/[^/]+\/[^/]+$/, encodeURIComponent(name))}/archive`,
    });
  }
}

function restPath(path: string): string {
  const { trainingRunId, kind, name } = parseCheckpointPath(path);
  return `/api/v1/training_runs/${encodeURIComponent(trainingRunId)}/checkpoints/${kind}/${encodeURIComponent(name)}`;
}
