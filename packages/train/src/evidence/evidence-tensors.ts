/** The network's weights before training, and as a checkpoint keeps them. */
import {
  type EvidenceTensors,
  networkShape,
  rarityShape,
  sketchName,
  type TensorName,
  tensorShapes,
} from '@memagent/core/evidence';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { NamedTensor } from '../checkpoint/safetensors.ts';

export const tensorNames = Object.keys(tensorShapes) as TensorName[];

/** Weight of the rule's score at the beginning: the untrained policy is a soft version of the rule. */
const ruleWeight = 6;

/**
 * Weights to begin with: uniform by fan-in (He), the last layers near zero, so that the policy begins as the rule
 * that one of its features is.
 */
export function initialTensors(seed: number): EvidenceTensors {
  const generator = xoroshiro128plus(seed);
  const tensors = {} as Record<TensorName, Float32Array>;
  for (const name of tensorNames) {
    const shape: readonly number[] = tensorShapes[name];
    const size = shape.reduce((product, one) => product * one, 1);
    const values = new Float32Array(size);
    if (shape.length === 2) {
      const small = name === 'score.weight' || name === 'pick.output' || name === 'stop.weight' ? 0.1 : 1;
      const bound =
        small * Math.sqrt((name.startsWith('words') ? 3 * networkShape.product : 6) / (shape[0] ?? 1));
      for (let at = 0; at < size; at++) values[at] = bound * (2 * uniformFloat64(generator) - 1);
    }
    tensors[name] = values;
  }
  tensors['rule.weight'].fill(ruleWeight);
  tensors['stop.bias'].fill(-4);
  return tensors;
}

/** As they are kept in `model.safetensors`. */
export function namedTensors(tensors: EvidenceTensors, sketch?: Uint8Array): Record<string, NamedTensor> {
  const named: Record<string, NamedTensor> = {};
  for (const name of tensorNames)
    named[name] = { dtype: 'F32', shape: tensorShapes[name], data: tensors[name] };
  if (sketch) {
    const data = new Int32Array(sketch.slice().buffer);
    named[sketchName] = { dtype: 'I32', shape: [rarityShape.rows, rarityShape.slots / 4], data };
  }
  return named;
}

/** The tensors in the order of `tensorNames`, for what treats them alike. */
export function listOf<Values>(tensors: Readonly<Record<TensorName, Values>>): Values[] {
  return tensorNames.map((name) => tensors[name]);
}

/** The tensors of such a list by name. */
export function fromList(values: readonly Float32Array[]): EvidenceTensors {
  return Object.fromEntries(tensorNames.map((name, index) => [name, values[index]])) as EvidenceTensors;
}

/** A gradient of nothing, to add to. */
export function createGradient(): Record<TensorName, Float64Array> {
  return Object.fromEntries(tensorNames.map((name) => [name, new Float64Array(sizeOf(name))])) as Record<
    TensorName,
    Float64Array
  >;
}

function sizeOf(name: TensorName): number {
  return (tensorShapes[name] as readonly number[]).reduce((product, one) => product * one, 1);
}
