/**
 * The compiled functions of one model, and its weights, gradient and AdamW state as arrays of jax-js. Everything
 * that is known of jax-js's ownership stays in here and in the functions it compiles: callers see typed arrays.
 */
import { jit, numpy as np, tree } from '@jax-js/jax';
import type { AdamStep, ForwardBackward, Loss } from '../backend/backend.ts';
import { compileAdam } from './compile-adam.ts';
import { compileGradient } from './compile-gradient.ts';
import { embed, forward, forwardOne, type LayerCache, type Weights } from './forward.ts';
import { scoreActions } from './loss.ts';
import type { PackedRows } from './pack-rows.ts';
import { tensorShapes, type Tensors } from './tensors.ts';
import { headSize, type TinyConfig } from './tiny-config.ts';

const embedding = 'model.embed_tokens.weight';

/** A prompt that was read: caches of every layer, on the engine. Ends with `close`. */
export interface ReadPrompts {
  /** Logits of the first action, `[rows, vocabulary]`. */
  logits: Float32Array;
  /** Keeps rows in the given order (repeats fill up), for the steps that follow. */
  keep(rows: Int32Array, actionSlots: number): Decoding;
  close(): void;
}

/** Replies being written. */
export interface Decoding {
  /** Feeds the `index`-th action of each row; returns the logits of the next. */
  next(tokens: Int32Array, index: number): Float32Array;
  close(): void;
}

/** A mini-batch of rows, all arrays `[rows, actionSlots]`. */
export interface LossRows {
  actions: Int32Array;
  counts: Float32Array;
  scale: Float32Array;
  advantage: Float32Array;
  temperature: Float32Array;
  oldLogprobs: Float32Array;
  referenceLogprobs: Float32Array;
  hasReference: Float32Array;
}

/** AdamW's moments and the number of steps done. */
export interface OptimizerState {
  steps: number;
  first: Tensors;
  second: Tensors;
  /** Weights of several moments added up, where a mean of them is wanted. */
  mean?: { count: number; sum: Tensors };
  /** The loss that they are of, where it is known. */
  loss?: Loss['kind'];
}

export interface Engine {
  readPrompts(rows: PackedRows): ReadPrompts;
  logprobs(rows: PackedRows, actions: Int32Array, temperature: Float32Array): Float32Array;
  /** Adds the gradient; returns the sums, the number of actions left out. */
  addGradient(rows: PackedRows, data: LossRows, loss: Loss): Omit<ForwardBackward, 'actions'>;
  /** Global norm of the gradient, which stays. */
  gradientNorm(): number;
  /** AdamW with the gradient times `factor`; clears it. */
  step(adam: AdamStep, factor: number): void;
  clearGradient(): void;
  /** See `TrainingBackend.mean`. */
  addToMean(): void;
  takeMean(): void;
  /** Begins anew with the moments. */
  clearMoments(): void;
  weights(): Tensors;
  optimizer(): OptimizerState;
  /** Replaces weights and optimiser state, and clears the gradient. */
  restore(weights: Tensors, optimizer: OptimizerState | undefined): void;
  close(): void;
}

/** Loads weights into an engine of their shape. */
export function createEngine(config: TinyConfig, initial: Tensors): Engine {
  let weights = toArrays(initial);
  let gradient = zeros(config);
  let first = zeros(config);
  let second = zeros(config);
  let steps = 0;
  let mean: OptimizerState['mean'];

  const prefill = jit((own: Weights, tokens: np.Array, start: np.Array) => {
    const { logits, caches } = forward(config, own, embed(own, tokens), start, 1);
    tree.dispose(own);
    const rows = logits.shape[0] ?? 0;
    return { logits: logits.reshape([rows, config.vocab_size]), caches };
  });
  const select = jit((caches: LayerCache[], rows: np.Array) => {
    const kept = caches.map(({ keys, values }) => ({
      keys: np.take(keys, rows.ref, 0),
      values: np.take(values, rows.ref, 0),
    }));
    rows.dispose();
    return kept;
  });
  const decode = jit(
    (
      own: Weights,
      tokens: np.Array,
      start: np.Array,
      index: np.Array,
      prompt: LayerCache[],
      written: LayerCache[],
    ) => {
      const next = forwardOne(config, own, tokens, start, index, prompt, written);
      tree.dispose(own);
      return next;
    },
  );
  const score = jit(
    (own: Weights, tokens: np.Array, start: np.Array, actions: np.Array, temperature: np.Array) => {
      const queries = actions.shape[1] ?? 0;
      const { logits, caches } = forward(config, own, embed(own, tokens), start, queries);
      tree.dispose(own);
      tree.dispose(caches);
      const { logprobs, entropies } = scoreActions(logits, actions, temperature);
      entropies.dispose();
      return logprobs;
    },
  );
  const lossGradients = {
    'clipped-surrogate': compileGradient(config, 'clipped-surrogate'),
    'cross-entropy': compileGradient(config, 'cross-entropy'),
  };
  const addEmbedding = jit((sum: np.Array, tokens: np.Array, change: np.Array) => {
    const isToken = np
      .arange(config.vocab_size)
      .reshape([config.vocab_size, 1])
      .equal(tokens.reshape([1, -1]));
    return sum.add(np.matmul(isToken.astype(np.float32), change.reshape([-1, config.hidden_size])));
  });
  const squares = jit((own: Weights) =>
    Object.values(own)
      .map((array) => np.square(array).sum())
      .reduce((sum, part) => sum.add(part)),
  );
  const adamStep = compileAdam();

  const lend = (): Weights => tree.ref(weights);

  return {
    readPrompts({ rows, promptSlots, tokens, start }) {
      const { logits, caches } = prefill(
        lend(),
        toArray(tokens, [rows, promptSlots]),
        toArray(start, [start.length]),
      ) as {
        logits: np.Array;
        caches: LayerCache[];
      };
      let isOpen = true;
      return {
        logits: read(logits),
        keep(kept, actionSlots) {
          const prompt = select(tree.ref(caches), toArray(kept, [kept.length])) as LayerCache[];
          const starts = Int32Array.from(kept, (row) => start[row] ?? 0);
          return startDecoding(prompt, starts, actionSlots);
        },
        close() {
          if (isOpen) tree.dispose(caches);
          isOpen = false;
        },
      };
    },

    logprobs({ rows, promptSlots, actionSlots, tokens, start }, actions, temperature) {
      return read(
        score(
          lend(),
          toArray(tokens, [rows, promptSlots + actionSlots - 1]),
          toArray(start, [start.length]),
          toArray(actions, [rows, actionSlots]),
          toArray(temperature, [rows, actionSlots]),
        ) as np.Array,
      );
    },

    addGradient({ rows, promptSlots, actionSlots, tokens, start }, data, loss) {
      const shape = [rows, actionSlots];
      const isClipping = loss.kind === 'clipped-surrogate';
      const settings = isClipping ? [loss.clipLow, loss.clipHigh, loss.klWeight] : [0, 0, 0];
      const tokenArray = toArray(tokens, [rows, promptSlots + actionSlots - 1]);
      const result = lossGradients[loss.kind](
        gradient,
        lend(),
        tokenArray.ref,
        toArray(start, [start.length]),
        {
          actions: toArray(data.actions, shape),
          counts: toArray(data.counts, shape),
          scale: toArray(data.scale, shape),
          advantage: toArray(data.advantage, shape),
          temperature: toArray(data.temperature, shape),
          oldLogprobs: toArray(data.oldLogprobs, shape),
          referenceLogprobs: toArray(data.referenceLogprobs, shape),
          hasReference: toArray(data.hasReference, shape),
          settings: np.array(settings),
        },
      ) as { sum: Weights; embedded: np.Array; loss: np.Array; sums: np.Array };
      gradient = result.sum;
      const before = gradient[embedding] as np.Array;
      gradient[embedding] = addEmbedding(before, tokenArray, result.embedded) as np.Array;
      const [clipped = 0, kl = 0, drift = 0, entropy = 0] = read(result.sums);
      const [value = Number.NaN] = read(result.loss);
      return isClipping
        ? { loss: value, clipped, kl, drift, entropy }
        : { loss: value, clipped: 0, kl: 0, drift: 0, entropy };
    },

    gradientNorm() {
      const [sum = Number.NaN] = read(squares(tree.ref(gradient)) as np.Array);
      return Math.sqrt(sum);
    },

    step({ learningRate, beta1, beta2, epsilon, weightDecay }, factor) {
      steps += 1;
      const settings = [
        factor,
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay,
        1 - beta1 ** steps,
        1 - beta2 ** steps,
      ];
      const next = adamStep(weights, gradient, first, second, np.array(settings)) as Record<
        'weights' | 'first' | 'second',
        Weights
      >;
      ({ weights, first, second } = next);
      gradient = zeros(config);
    },

    clearGradient() {
      tree.dispose(gradient);
      gradient = zeros(config);
    },

    addToMean() {
      const now = toTensors(weights);
      const sum = mean ? addTensors(mean.sum, now) : now;
      mean = { count: (mean?.count ?? 0) + 1, sum };
    },

    takeMean() {
      if (!mean) return;
      const { count, sum } = mean;
      tree.dispose(weights);
      weights = toArrays(mapTensors(sum, (data) => data.map((value) => value / count)));
      mean = undefined;
    },

    clearMoments() {
      for (const own of [first, second]) tree.dispose(own);
      first = zeros(config);
      second = zeros(config);
      steps = 0;
    },

    weights: () => toTensors(weights),
    optimizer: () => ({
      steps,
      first: toTensors(first),
      second: toTensors(second),
      ...(mean ? { mean } : {}),
    }),

    restore(nextWeights, optimizer) {
      for (const own of [weights, gradient, first, second]) tree.dispose(own);
      weights = toArrays(nextWeights);
      gradient = zeros(config);
      first = optimizer ? toArrays(optimizer.first) : zeros(config);
      second = optimizer ? toArrays(optimizer.second) : zeros(config);
      steps = optimizer?.steps ?? 0;
      mean = optimizer?.mean;
    },

    close() {
      for (const own of [weights, gradient, first, second]) tree.dispose(own);
    },
  };

  function startDecoding(prompt: LayerCache[], start: Int32Array, actionSlots: number): Decoding {
    const rows = start.length;
    const size = headSize(config);
    const empty = (): np.Array => np.zeros([rows, actionSlots, config.num_attention_heads, size]);
    let written: LayerCache[] = prompt.map(() => ({ keys: empty(), values: empty() }));
    return {
      next(tokens, index) {
        const result = decode(
          lend(),
          toArray(tokens, [tokens.length]),
          toArray(start, [start.length]),
          np.array([index], { dtype: np.int32 }),
          tree.ref(prompt),
          written,
        ) as { logits: np.Array; written: LayerCache[] };
        written = result.written;
        return read(result.logits);
      },
      close() {
        tree.dispose(prompt);
        tree.dispose(written);
      },
    };
  }
}

/** The numbers of an array, which is given up. */
function read(array: np.Array): Float32Array {
  return array.dataSync() as Float32Array;
}

function toArray(data: Int32Array | Float32Array, shape: readonly number[]): np.Array {
  return np.array(data as Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>).reshape([...shape]);
}

function zeros(config: TinyConfig): Weights {
  return Object.fromEntries(
    Object.entries(tensorShapes(config)).map(([name, shape]) => [name, np.zeros(shape)]),
  );
}

function toArrays(tensors: Tensors): Weights {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, toArray(data, shape)]),
  );
}

function addTensors(one: Tensors, other: Tensors): Tensors {
  return mapTensors(one, (data, name) => data.map((value, at) => value + (other[name]?.data[at] ?? 0)));
}

function mapTensors(tensors: Tensors, change: (data: Float32Array, name: string) => Float32Array): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: change(data, name) }]),
  );
}

function toTensors(weights: Weights): Tensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, array]) => [
      name,
      { shape: array.shape, data: Float32Array.from(array.ref.dataSync() as Float32Array) },
    ]),
  );
}
