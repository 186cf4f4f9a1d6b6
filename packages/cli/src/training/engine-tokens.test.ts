import { expect, test } from 'vitest';
import { describeTokens, parseTokenPrices } from './engine-tokens.ts';

test('the tokens of all connections are added up and priced by kind', () => {
  const engines = [
    { usage: () => ({ prompt: 1_000_000, sampled: 500_000, scored: 0, trained: 0 }) },
    { usage: () => ({ prompt: 0, sampled: 500_000, scored: 2_000_000, trained: 3_000_000 }) },
  ];
  expect(describeTokens(engines, parseTokenPrices('1,2,0.5,3'))).toMatch(/; 13\.00 in all\.$/);
  expect(describeTokens(engines, undefined)).toMatch(/ trained\.$/);
});

test.each(['1,2,3', '1,2,3,4,5', 'a,b,c,d', '1,2,3,-4'])('prices %s are refused', (text) => {
  expect(() => parseTokenPrices(text)).toThrow(/expected four prices/);
});
