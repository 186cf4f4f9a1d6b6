import type { StoredEvent } from '@memagent/core';
import { expect, test } from 'vitest';
import type { Sample } from '../glossary.ts';
import { shapedRewards } from './shaped-rewards.ts';

/** Evidence in the first and in the third of four sections of ten characters. */
const sample = {
  answers: ['Borodino'],
  evidence: [
    { start: 2, end: 5 },
    { start: 25, end: 28 },
  ],
} as unknown as Sample;

/** Four sections, each followed by the memory after it. */
function eventsWith(memories: readonly string[]): StoredEvent[] {
  return memories.flatMap((memory, index) => [
    {
      type: 'section-start',
      section: index + 1,
      spans: [{ source: 0, start: index * 10, end: index * 10 + 10 }],
    },
    { type: 'memory-updated', section: index + 1, memory },
  ]) as unknown as StoredEvent[];
}

const conversation = (actions: number) => ({ actions: Array.from({ length: actions }, () => 1) });

function reward(name: 'evidence' | 'length' | 'gate', memories: readonly string[], weight = 1): unknown {
  const weights = { evidence: 0, length: 0, gate: 0, [name]: weight };
  const conversations = [conversation(32), conversation(96)];
  return shapedRewards({ sample, events: eventsWith(memories), conversations }, weights)[name];
}

test('evidence: the fraction of what was read that the memory still points at, step by step', () => {
  expect(reward('evidence', ['A. [1]', 'A. [1]', 'A. [1] C. [3]', 'A. [1] C. [3]'])).toBe(1);
  // Held, lost, then one of two, twice.
  expect(reward('evidence', ['A. [1]', 'B. [2]', 'C. [3]', 'C. [3]'])).toBe((1 + 0 + 0.5 + 0.5) / 4);
});

test('evidence: a memory without marks counts while it says the answer', () => {
  expect(reward('evidence', ['Borodino', 'Borodino', 'the Moskva', 'the Moskva'])).toBe(0.5);
});

test('gate: overwritten where there is evidence, left alone elsewhere', () => {
  expect(reward('gate', ['a', 'a', 'b', 'b'])).toBe(1);
  expect(reward('gate', ['', 'a', 'b', 'c'])).toBe(0.25);
});

test('length: half for 64 actions in the mean conversation', () => {
  expect(reward('length', ['a'])).toBe(0.5);
});

test('are weighted, and absent where their weight is 0', () => {
  expect(reward('gate', ['a', 'a', 'b', 'b'], 0.2)).toBeCloseTo(0.2, 12);
  const none = { evidence: 0, length: 0, gate: 0 };
  expect(shapedRewards({ sample, events: [], conversations: [] }, none)).toEqual({});
});
