import { describe, expect, test } from 'vitest';
import { contentWords } from './content-words.ts';
import { namesIn } from './names-in.ts';
import { numbersIn } from './numbers-in.ts';
import { createTermCache } from './term-cache.ts';
import { wordsIn } from './words.ts';

describe('contentWords', () => {
  test.each([
    ['stop words are left out, endings too', 'The armies were marching', ['armi', 'march']],
    ['accents and possessives', 'Kutúzov’s', ['kutuzov']],
    ['wide letters', 'Ｍｏｓｃｏｗ', ['moscow']],
    ['contractions', 'They didn’t move', ['move']],
    ['thousands', '1,234 men', ['1234', 'men']],
    ['an acronym is no pronoun', 'The US helped us', ['us', 'help']],
    ['dots of an acronym', 'the U.S.', ['us']],
    ['pairs where words are not set apart', '世界你好', ['世界', '界你', '你好']],
    ['marks of other scripts are letters', 'हिन्दी', ['हिन्दी']],
    ['nothing', ' … ', []],
  ])('%s', (_name, text, expected) => {
    expect(contentWords(text)).toEqual(expected);
  });
});

describe('numbersIn', () => {
  test.each([
    ['1,234 and 1234', ['1234', '1234']],
    ['3.50 or 3.5', ['3.5', '3.5']],
    ['the 12th, twelve', ['12', '12']],
    ['1844–1846, the 1990s', ['1844', '1846', '1990']],
    ['an A320 in one hour', []],
    ['٣ is a digit of another script and is left alone', []],
  ])('%s', (text, expected) => {
    expect(numbersIn(text)).toEqual(expected);
  });
});

describe('namesIn', () => {
  test.each([
    ['Prince Andrew Bolkonski rode out', ['Prince Andrew Bolkonski']],
    [
      'In Moscow the Rostovs met Pierre, Natasha and Boris.',
      ['Moscow', 'Rostovs', 'Pierre', 'Natasha', 'Boris'],
    ],
    ['Barclay commands the army', ['Barclay']],
    ['Finally he came', []],
    ['The army left', []],
    ['J. R. Smith of NASA', ['J R Smith', 'NASA']],
    ['the McDonald house', ['McDonald']],
    ['Élodie vit à Paris', ['Élodie', 'Paris']],
    ['', []],
  ])('%s', (sentence, expected) => {
    expect(namesIn(sentence)).toEqual(expected);
  });
});

test('a full term cache gives the same terms, keeps what it has, and begins anew among strangers', () => {
  const terms = createTermCache(2);
  const words = wordsIn('armies march armies to Moscow armies');
  expect(words.flatMap((word) => [...terms(word)])).toEqual(['armi', 'march', 'armi', 'moscow', 'armi']);
  const kept = terms('armies');
  expect(terms('armies')).toBe(kept);
  expect(terms('Moscow')).not.toBe(terms('Moscow'));
  for (let count = 0; count < 32; count += 1) terms('Moscow');
  expect(terms('Moscow')).toBe(terms('Moscow'));
  expect(terms('armies')).not.toBe(kept);
  expect(terms('armies')).toEqual(kept);
});

test('a term cache remembers no long words and no numbers, of which a document has no end', () => {
  const terms = createTermCache();
  for (const word of ['uncharacteristically', '1812', '9th']) expect(terms(word)).not.toBe(terms(word));
});
