import { describe, expect, test } from 'vitest';
import { boxedAnswer } from './boxed-answer.ts';
import { lenientMatch } from './lenient-match.ts';
import { testScores } from './scores.contract.ts';
import { strictExactMatch } from './strict-exact-match.ts';

describe('boxedAnswer', () => {
  test.each([
    ['so \\boxed{Paris}.', 'Paris'],
    ['\\boxed{a} then \\boxed{ b }', 'b'],
    ['\\boxed{a} then \\boxed{b', 'a'],
    ['\\boxed{f(\\{x\\}) = {y}}', 'f(\\{x\\}) = {y}'],
    ['\\boxed{\\text{Paris}}', 'Paris'],
    ['\\boxed{}', ''],
    ['boxed{Paris}', undefined],
    ['Paris', undefined],
    ['\\boxed Paris', undefined],
  ])('%j holds %j', (text, content) => {
    expect(boxedAnswer(text)).toBe(content);
  });
});

describe('strict-exact-match', () => {
  testScores(strictExactMatch, [
    ['The answer is \\boxed{the Eiffel Tower}', ['Eiffel tower'], 1],
    ['Eiffel Tower', ['Eiffel Tower'], 0],
    ['\\boxed{Eiffel}', ['Eiffel Tower'], 0],
    ['\\boxed{Eiffel Tower in Paris}', ['Eiffel Tower'], 0],
    ['\\boxed{1,234}', ['1234'], 1],
    ['\\boxed{Paris} or \\boxed{Rome}', ['Paris'], 0],
    ['\\boxed{Rome}', ['Paris', 'Rome'], 1],
    ['\\boxed{}', ['The'], 0],
    ['\\boxed{the}', ['A'], 0],
    ['\\boxed{A}', ['A'], 1],
    ['\\boxed{yes}', ['Yes'], 1],
    ['', ['Paris'], 0],
  ]);
});

describe('lenient-match', () => {
  testScores(lenientMatch, [
    ['It stands beside the Eiffel Tower in Paris.', ['Eiffel Tower'], 1],
    ['Tower Eiffel', ['Eiffel Tower'], 0],
    // Never the other way round, and never a part of a word.
    ['the', ['the Eiffel Tower'], 0],
    ['Eiffel', ['Eiffel Tower'], 0],
    ['Parisian', ['Paris'], 0],
    ['', ['Paris'], 0],
    ['   ', ['The'], 0],
    ['A', ['A'], 1],
    ['a dog', ['A'], 0],
    ['he was born in 1,234', ['1234'], 1],
    ['he was born in 12345', ['1234'], 0],
    ['Im Café', ['café'], 1],
    // The box is the answer where there is one.
    ['Not Rome. \\boxed{Paris}', ['Rome'], 0],
    ['\\boxed{in Paris}', ['Paris'], 1],
    ['Yes, both are.', ['yes'], 1],
    ['Yes.', ['no'], 0],
    ['The answer is no.', ['no'], 1],
    ['There is no such place.', ['no'], 0],
    ['No such place.', ['no'], 0],
    ['No-one knows', ['no'], 0],
    ['Yes and then again no', ['yes'], 0],
    ['Yes, or rather: no', ['no'], 0],
    ['Paris', ['Paris'], 0, { found: false }],
    // A value that is no longer right, or that the document wants to hear, takes the score away.
    ['It is 4711.', ['4711'], 1, { rejected: ['1234', '5678'] }],
    ['It was 1234 and is now 4711.', ['4711'], 0, { rejected: ['1234', '5678'] }],
    ['It is 1234.', ['4711'], 0, { rejected: ['1234'] }],
    ['It is 47115678.', ['47115678'], 1, { rejected: ['5678'] }],
    ['Not 1234: \\boxed{4711}', ['4711'], 1, { rejected: ['1234'] }],
    ['It is 4711.', ['4711'], 1, { rejected: [] }],
  ]);
});
