import { expect, test } from 'vitest';
import { sampleContext } from '../reader/sample-step.ts';
import { prepareEvidenceStep } from './evidence-step.ts';
import { createPickState, pickFeatures } from './pick-state.ts';
import { rarityShape } from './rarity.ts';
import { createLexicon } from './term-hash.ts';

const text = [
  'Dark Harbour\nDark Harbour is a film by Mira Kessler. The film was long.',
  'Mira Kessler\nMira Kessler was born in Graz. She died in Linz.',
].join('\n\n');

const step = prepareEvidenceStep(
  {
    question: 'Where was the director of the film Dark Harbour born?',
    memories: [{ text: '' }],
    section: { number: 1, text },
  },
  { lexicon: createLexicon(), sketch: new Uint8Array(rarityShape.rows * rarityShape.slots).fill(100) },
  sampleContext({ memoryTokens: 40 }),
);
const { observation } = step;

function indexOf(start: string): number {
  return observation.candidates.findIndex(({ line }) => line.startsWith(start));
}

function feature(state: ReturnType<typeof createPickState>, index: number, at: number): number {
  return state.features()[index * pickFeatures + at] ?? Number.NaN;
}

test('a picked sentence speaks for those about the names in it', () => {
  const state = createPickState(observation);
  const born = indexOf('Mira Kessler was born');
  const long = indexOf('The film was long');
  expect(feature(state, born, 6)).toBe(0);
  state.take(indexOf('Dark Harbour is'));
  expect(feature(state, born, 6)).toBeGreaterThan(0.9);
  expect(feature(state, born, 3)).toBeGreaterThan(0);
  expect(feature(state, born, 11)).toBe(0);
  expect(feature(state, long, 6)).toBe(0);
  expect(feature(state, long, 11)).toBe(1);
  expect(feature(state, long, 12)).toBe(1);
});

test('a second hop leads to another paragraph, not to the rest of the same one', () => {
  const state = createPickState(observation);
  const died = indexOf('She died in Linz');
  state.take(indexOf('Mira Kessler was born'));
  expect([3, 6, 7, 8].map((at) => feature(state, died, at))).toEqual([0, 0, 0, 0]);
  expect(feature(state, died, 11)).toBe(1);
  expect(feature(state, indexOf('Dark Harbour is'), 3)).toBeGreaterThan(0);
});

test('what is picked or does not fit any more is closed', () => {
  const state = createPickState(observation);
  const first = indexOf('Dark Harbour is');
  expect(state.isOpen(first)).toBe(true);
  while (state.hasOpen()) state.take(observation.candidates.findIndex((_, index) => state.isOpen(index)));
  const used = state.picked.reduce((sum, pick) => sum + (observation.candidates[pick]?.tokens ?? 0), 0);
  expect(used).toBeLessThanOrEqual(40);
  expect(state.picked.length).toBeLessThan(observation.candidates.length);
  expect(observation.candidates.some((_, index) => state.isOpen(index))).toBe(false);
});

test('goes on from what was taken before', () => {
  const first = indexOf('Dark Harbour is');
  const state = createPickState(observation);
  state.take(first);
  const further = createPickState({ ...observation, taken: [first] });
  expect(further.features()).toEqual(state.features());
  expect(further.picked).toEqual([first]);
});

test('the memory is written in the order of the document, with marks', () => {
  const picks = [indexOf('Mira Kessler was born'), indexOf('Dark Harbour is')];
  const { text: memory } = step.write([...picks, observation.candidates.length]);
  expect(memory.split('\n').toSorted()).toEqual([
    'Dark Harbour is a film by Mira Kessler. [1]',
    'Mira Kessler was born in Graz. [1]',
  ]);
});
