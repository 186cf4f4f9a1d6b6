import { describe } from 'vitest';
import { rougeL } from './rouge-l.ts';
import { testScores } from './scores.contract.ts';

describe('rouge-l', () => {
  testScores(rougeL, [
    ['the cat sat', ['the cat sat'], 1],
    // Longest common subsequence "police the gunman" of 4 and 4 words: 3/4 and 3/4.
    ['police ended the gunman', ['police killed the gunman'], 0.75],
    // "the gunman": 2 of 4 and 4; order matters.
    ['the gunman police killed', ['police killed the gunman'], 0.5],
    // 2 of 2 and 2 of 4 words: 2 * 1 * 0.5 / 1.5.
    ['the gunman', ['police killed the gunman'], 2 / 3],
    ['same', ['other', 'same'], 1],
    // No stemming, and an apostrophe parts words.
    ['dogs', ['dog'], 0],
    ["dog's", ['dog s'], 1],
    ['1,234', ['1 234'], 1],
    ['', ['x'], 0],
    ['x', [''], 0],
    ['東京', ['東京'], 0],
  ]);
});
