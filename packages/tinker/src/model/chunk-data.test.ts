import { describe, expect, it } from 'vitest';
import { weightedDatum } from '../data/datum.ts';
import { chunkData } from './chunk-data.ts';

const datum = (length: number) =>
  weightedDatum(
    Array.from({ length }, () => 1),
    Array.from({ length }, () => 1),
  );
/** Tokens of 4, targets of 8 and weights of 4 bytes for each but the first. */
const bytesOf = (length: number) => (length - 1) * 16;
const lengths = (limits: { chunkDatums: number; chunkBytes: number }, ...data: number[]) =>
  chunkData(data.map(datum), limits).map((chunk) => chunk.length);

describe('chunkData', () => {
  it('keeps data together as long as it fits', () => {
    expect(lengths({ chunkDatums: 10, chunkBytes: bytesOf(4) * 2 }, 4, 4, 4)).toEqual([2, 1]);
    expect(lengths({ chunkDatums: 2, chunkBytes: 1e6 }, 4, 4, 4)).toEqual([2, 1]);
  });
  it('sends what is too large alone', () => {
    expect(lengths({ chunkDatums: 10, chunkBytes: bytesOf(3) }, 2, 9, 2)).toEqual([1, 1, 1]);
  });
});
