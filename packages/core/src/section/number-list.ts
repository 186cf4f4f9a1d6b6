/**
 * A list of numbers that grows block by block, eight bytes a number: what is kept of every section of a long
 * document. It lies outside of V8's heap, whose limits grow in step with what lives in it.
 */
export interface NumberList {
  readonly length: number;
  push(value: number): void;
  /** The number at `index`, which must be one that was pushed. */
  at(index: number): number;
}

const blockLength = 4096;

/** Creates an empty list. */
export function createNumberList(): NumberList {
  const blocks: Float64Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === blocks.length * blockLength) blocks.push(new Float64Array(blockLength));
      (blocks.at(-1) as Float64Array)[length % blockLength] = value;
      length += 1;
    },
    at(index) {
      const value =
        index < length ? blocks[Math.floor(index / blockLength)]?.[index % blockLength] : undefined;
      if (value === undefined) throw new RangeError(`No number at ${index} of ${length}.`);
      return value;
    },
  };
}
