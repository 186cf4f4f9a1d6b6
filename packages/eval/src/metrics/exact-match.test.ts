import { describe } from 'vitest';
import { exactMatch } from './exact-match.ts';
import { testScores } from './scores.contract.ts';

describe('exact-match', () => {
  testScores(exactMatch, [
    ['the Eiffel Tower!', ['Eiffel tower'], 1],
    ['Eiffel', ['Eiffel Tower'], 0],
    ['second', ['first', 'Second.'], 1],
    ['1234', ['1,234'], 1],
    ['1 234', ['1,234'], 0],
    ['Yes.', ['yes'], 1],
    ['yes, it is', ['yes'], 0],
    ['café', ['cafe'], 0],
    // As in SQuAD v1.1: articles alone are equal to each other and to nothing.
    ['the', ['A'], 1],
    ['', ['a'], 1],
    ['', ['Paris'], 0],
    // SQuAD v2.0: nothing is right where nothing can be known.
    ['', [], 1],
    ['the', [], 1],
    ['Paris', [], 0],
    ['The document does not say.', [], 1, { found: false }],
    ['The document does not say.', [], 0, { found: true }],
    ['You did not mention it', ['You did not mention it'], 0, { unanswerable: true }],
  ]);
});
