import { describe, expect, test } from 'vitest';
import { numberCloseness } from './number-closeness.ts';
import { numbersIn } from './numbers-in.ts';
import { testScores } from './scores.contract.ts';

describe('number-closeness', () => {
  testScores(numberCloseness, [
    ['7', ['7'], 1],
    ['8', ['7'], 0.75],
    ['5', ['7'], 0.5625],
    ['1000000', ['7'], 0],
    ['There are 7 of them.', ['7'], 1],
    ['1,234', ['1234'], 1],
    ['1235', ['1,234'], 0.75],
    ['seven', ['7'], 1],
    ['Twenty-one', ['21'], 1],
    ['3 + 4 = 7', ['7'], 1],
    ['Answer: 7 (of 120 records)', ['7'], 1],
    ['The answer is **7** of 120', ['7'], 1],
    ['not 9 but \\boxed{7}, of 120', ['7'], 1],
    ['2.5', ['3'], 0.75 ** 0.5],
    ['-3', ['3'], 0.75 ** 6],
    ['6', ['3', '7'], 0.75],
    ['none', ['7'], 0],
    ['', ['7'], 0],
  ]);

  test.each(['many', '3 of 4', ''])('refuses %j as right answer', (answer) => {
    expect(() => numberCloseness({ prediction: '1', answers: [answer] })).toThrow('compares numbers');
  });
});

describe('numbersIn', () => {
  test.each<[string, number[]]>([
    ['1,234,567.89', [1234567.89]],
    ['1’234 and 1\u202f234', [1234, 1234]],
    ['1,2,3', [1, 2, 3]],
    ['12,34', [12, 34]],
    ['1805-1812', [1805, 1812]],
    ['−5 °C', [-5]],
    ['.5 and 0.5', [0.5, 0.5]],
    ['A320 in 3rd place', [3]],
    ['forty two, then ninety-nine and twelve', [42, 99, 12]],
    ['one of 12', [12]],
    ['someone', []],
    ['٣', []],
  ])('reads %j as %j', (text, numbers) => {
    expect(numbersIn(text)).toEqual(numbers);
  });
});
