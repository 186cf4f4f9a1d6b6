import { z } from 'zod';
import type { PassOutput } from '../model/pass-output.ts';
import { tensorJson, tensorToJson } from './tensor-json.ts';

/** The JSON form of a pass's result. */
export const passOutputJson = z
  .object({
    loss_fn_output_type: z.string().default('ArrayRecord'),
    loss_fn_outputs: z.array(z.record(z.string(), tensorJson)),
    metrics: z.record(z.string(), z.number().nullable()).nullish(),
  })
  .transform(({ loss_fn_output_type: outputType, loss_fn_outputs: outputs, metrics }): PassOutput => ({
    outputType,
    outputs,
    metrics: numbers(metrics),
  }));

/** The inverse of reading `passOutputJson`. */
export const passOutputToJson = ({ outputType, outputs, metrics }: PassOutput) => ({
  loss_fn_output_type: outputType,
  loss_fn_outputs: outputs.map((output) =>
    Object.fromEntries(Object.entries(output).map(([name, tensor]) => [name, tensorToJson(tensor)])),
  ),
  metrics,
});

/** Metrics, of which servers write those that are not finite as null. */
export const numbers = (metrics: Record<string, number | null> | null | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics ?? {}).map(([name, value]) => [name, value ?? Number.NaN]));
