import { z } from 'zod';
import type { Datum } from '../data/datum.ts';
import { modelInputJson, modelInputToJson } from './model-input-json.ts';
import type { PassRequest } from './pass-request.ts';
import { tensorJson, tensorToJson } from './tensor-json.ts';

const passInput = z.object({
  data: z.array(
    z
      .object({ model_input: modelInputJson, loss_fn_inputs: z.record(z.string(), tensorJson) })
      .transform(({ model_input: modelInput, loss_fn_inputs: inputs }): Datum => ({ modelInput, inputs })),
  ),
  loss_fn: z.string(),
  loss_fn_config: z.record(z.string(), z.union([z.number(), z.string()])).nullish(),
});

/** The JSON body of `forward` (`forward_input`) or of `forward_backward` (`forward_backward_input`). */
export const passRequestJson = z
  .object({
    model_id: z.string(),
    seq_id: z.number().int().nullish(),
    forward_input: passInput.optional(),
    forward_backward_input: passInput.optional(),
  })
  .transform((body, context): PassRequest => {
    const input = body.forward_input ?? body.forward_backward_input;
    if (!input) {
      context.addIssue('neither forward_input nor forward_backward_input is given');
      return z.NEVER;
    }
    return {
      modelId: body.model_id,
      seqId: body.seq_id ?? 0,
      data: input.data,
      loss: { lossFn: input.loss_fn, config: input.loss_fn_config ?? undefined },
      forwardOnly: body.forward_input !== undefined,
    };
  });

/** The inverse of reading `passRequestJson`. */
export function passRequestToJson({ modelId, seqId, data, loss, forwardOnly }: PassRequest) {
  const input = {
    data: data.map(datumToJson),
    loss_fn: loss.lossFn,
    ...(loss.config && { loss_fn_config: loss.config }),
  };
  return {
    model_id: modelId,
    seq_id: seqId,
    ...(forwardOnly ? { forward_input: input } : { forward_backward_input: input }),
  };
}

const datumToJson = ({ modelInput, inputs }: Datum) => ({
  model_input: modelInputToJson(modelInput),
  loss_fn_inputs: Object.fromEntries(
    Object.entries(inputs).flatMap(([name, tensor]) => (tensor ? [[name, tensorToJson(tensor)]] : [])),
  ),
});
