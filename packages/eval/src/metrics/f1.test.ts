import { describe } from 'vitest';
import { f1 } from './f1.ts';
import { testScores } from './scores.contract.ts';

describe('f1', () => {
  testScores(f1, [
    ['Eiffel Tower', ['the Eiffel Tower'], 1],
    // 1 common word: precision 1/1, recall 1/2.
    ['Eiffel', ['Eiffel Tower'], 2 / 3],
    // 2 common words: precision 2/4, recall 2/2.
    ['the Eiffel Tower in Paris', ['Eiffel Tower'], 2 / 3],
    // The best reference counts: 1/2 and 1/2 against nothing.
    ['north east', ['south west', 'south east'], 1 / 2],
    // A word counts as often as both have it: 1 common; precision 1/3, recall 1/1.
    ['no no no', ['no'], 1 / 2],
    ['no', ['no no no'], 1 / 2],
    ['same', ['same', 'same'], 1],
    ['1234', ['1,234'], 1],
    ['yes', ['no'], 0],
    ['東京', ['東 京'], 0],
    // v1.1: texts of no words have none in common.
    ['the', ['a'], 0],
    ['', ['Paris'], 0],
    ['', [], 1],
    ['an', [], 1],
    ['Paris', [], 0],
    ['anything', [], 1, { found: false }],
  ]);
});
