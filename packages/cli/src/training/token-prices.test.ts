import { expect, test } from 'vitest';
import { parseTokenPrices } from './token-prices.ts';

test('four prices are read in their order', () => {
  expect(parseTokenPrices('0.1,0.4, 0,3')).toEqual({ prompt: 0.1, sampled: 0.4, scored: 0, trained: 3 });
});

test.each(['1,2,3', '1,2,3,4,5', 'a,b,c,d', '1,2,3,-4', '1,2,,4'])('prices %s are refused', (text) => {
  expect(() => parseTokenPrices(text)).toThrow(/expected four prices/);
});
