import { expect, test } from 'vitest';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { defaultBudgets, planWindow, seamTokens } from './plan-window.ts';

/** One token per word: sums are easy to follow. */
const tokenizer: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.split(/\s+/).filter(Boolean).length,
  countPrompt: (messages) => messages.reduce((sum, message) => sum + message.content.split(/\s+/).length, 0),
};
const overhead = { update: 200, merge: 150, answer: 100 };

test('the default budgets fit as they are', () => {
  expect(planWindow(defaultBudgets, 'who is it', tokenizer, overhead)).toEqual({
    window: 8192,
    sectionTokens: 5000,
    memoryTokens: 1024,
    outputTokens: 1024,
    questionTokens: 3,
    mergeTokens: 8192 - 150 - seamTokens - 1024,
    evidenceTokens: 8192 - 100 - seamTokens - 1024,
    overhead,
  });
});

test('a section gives way when the parts do not fit', () => {
  const plan = planWindow({ ...defaultBudgets, window: 4096 }, 'who', tokenizer, overhead);
  expect(plan.sectionTokens).toBe(4096 - 200 - seamTokens - 1024 - 1024);
});

test('less than 512 tokens for a section is refused, saying how many are missing', () => {
  expect(() => planWindow({ ...defaultBudgets, window: 2700 }, 'who', tokenizer, overhead)).toThrow(
    /leaves 436 for a section, 76 fewer than the least of 512/,
  );
});

test('a long answer prompt that leaves no room for the memory is refused before anything is read', () => {
  const long = { ...overhead, answer: 6200 };
  expect(() => planWindow(defaultBudgets, 'who', tokenizer, long)).toThrow(
    /is 72 too small for the answer: prompt and question take 6200/,
  );
});

test('smaller sections are fine when they were asked for', () => {
  const budgets = { ...defaultBudgets, window: 2600, sectionTokens: 100 };
  expect(planWindow(budgets, 'who', tokenizer, overhead).sectionTokens).toBe(100);
});

test('a question over its budget is refused, saying by how much', () => {
  const question = 'word '.repeat(1030);
  expect(() => planWindow(defaultBudgets, question, tokenizer, overhead)).toThrow(
    /1030 tokens, 6 more than its budget of 1024/,
  );
});
