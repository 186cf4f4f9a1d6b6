import { z } from 'zod';
import { checkDatum, type Datum } from '../data/datum.ts';
import { TinkerError } from '../errors.ts';
import { ask } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { readJson } from '../http/read-answer.ts';
import { createSampler } from '../sampling/create-sampler.ts';
import { callSignal, type SessionContext } from '../session/session-context.ts';
import { numbers } from '../wire/pass-output-json.ts';
import { adamToJson } from './adam-json.ts';
import { toWireLoss, type Loss } from './loss.ts';
import { modelInfoForm } from './model-info-json.ts';
import { createModelCalls } from './model-calls.ts';
import type { CallOptions, Model, SaveOptions } from './model.ts';
import type { AdamParams, OptimStepOutput } from './optimizer.ts';
import { findOwnSave, waitForCheckpoint } from './save-conflict.ts';

const optimStepForm = z.object({ metrics: z.record(z.string(), z.number().nullable()).nullish() }).nullable();
const savedForm = z.object({ path: z.string() });
const samplerForm = z.object({ sampling_session_id: z.string() });

/** A model that the server has made. */
export function createModel(context: SessionContext, modelId: string): Model {
  const calls = createModelCalls(context, modelId);

  const pass = async (
    data: readonly Datum[],
    loss: Loss,
    forwardOnly: boolean,
    signal: AbortSignal | undefined,
  ) => {
    if (data.length === 0) throw new TinkerError('bad-input', 'There are no datums; give at least one');
    for (const [index, datum] of data.entries()) checkDatum(datum, `datum ${index}`);
    return calls.pass({ data, loss: toWireLoss(loss), forwardOnly }, signal);
  };

  const optimStep = async (
    params: AdamParams = {},
    { signal }: CallOptions = {},
  ): Promise<OptimStepOutput> => {
    const accepted = await calls.submit('optim_step', { adam_params: adamToJson(params) }, { signal });
    const result = await calls.result(accepted, optimStepForm, signal);
    return { metrics: numbers(result?.metrics) };
  };

  return {
    modelId,
    forward: (data, loss, { signal } = {}) => ahead(pass(data, loss, true, signal)),
    forwardBackward: (data, loss, { signal } = {}) => ahead(pass(data, loss, false, signal)),
    optimStep: (params, options) => ahead(optimStep(params, options)),
    async saveWeights(name, { overwrite, ...options } = {}) {
      const { signal } = options;
      const body = { path: name, ...saveToJson(options), ...(overwrite && { overwrite }) };
      const accepted = await calls.submit('save_weights', body, { signal, onRefused: findOwnSave });
      if (accepted === 'saved-before')
        return waitForCheckpoint(context, `tinker://${modelId}/weights/${name}`, callSignal(context, signal));
      return (await calls.result(accepted, savedForm, signal)).path;
    },
    async loadWeights(path, { signal, optimizer = true } = {}) {
      const accepted = await calls.submit('load_weights', { path, optimizer }, { signal });
      await calls.result(accepted, z.unknown(), signal);
    },
    async saveWeightsForSampler(name, options = {}) {
      const { signal } = options;
      const accepted = await calls.submit(
        'save_weights_for_sampler',
        { path: name, ...saveToJson(options) },
        { signal },
      );
      return (await calls.result(accepted, savedForm, signal)).path;
    },
    async createSampler(options = {}) {
      const { signal } = options;
      const body = { sampling_session_seq_id: context.nextSamplerSeqId(), ...saveToJson(options) };
      const accepted = await calls.submit('save_weights_for_sampler', body, { signal });
      const { sampling_session_id: id } = await calls.result(accepted, samplerForm, signal);
      return createSampler(context, id);
    },
    async info({ signal } = {}) {
      const request = postJson('get_info', { model_id: modelId }, { signal: callSignal(context, signal) });
      return readJson('get_info', await ask(context.connection, request), modelInfoForm);
    },
    async unload({ signal }: CallOptions = {}) {
      const accepted = await calls.submit('unload_model', {}, { signal, numbered: false });
      await calls.result(accepted, z.unknown(), signal);
    },
  };
}

/** A call that is made ahead may fail before it is awaited; it then fails where it is. */
function ahead<Result>(call: Promise<Result>): Promise<Result> {
  call.catch(() => undefined);
  return call;
}

const saveToJson = ({ ttlSeconds, userMetadata }: SaveOptions) => ({
  ...(ttlSeconds !== undefined && { ttl_seconds: ttlSeconds }),
  ...(userMetadata && { user_metadata: userMetadata }),
});
