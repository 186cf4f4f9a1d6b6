import { expect, it } from 'vitest';
import { isNotFound, notFoundPhrase } from './not-found.ts';

const template = { notFound: notFoundPhrase };

it.each([
  'The document does not say.',
  'the document does not say',
  '  "The document does not say."\n',
  '“The document does not say”.',
  'The document does not say [3].',
  'The document does not say. [3, 7][12]',
])('takes %j for the not-found phrase', (answer) => {
  expect(isNotFound(answer, template)).toBe(true);
});

it.each([
  '',
  'Kutuzov [3].',
  'The document does not say who commands.',
  'The document does not say. Perhaps Kutuzov.',
  'The document does not say!',
  'The document doesn’t say.',
  'The documents do not say.',
  '**The document does not say.**',
])('takes %j for an answer', (answer) => {
  expect(isNotFound(answer, template)).toBe(false);
});

it('goes by the phrase of the template', () => {
  expect(isNotFound('Unbekannt', { notFound: 'unbekannt.' })).toBe(true);
  expect(isNotFound(notFoundPhrase, { notFound: 'unbekannt.' })).toBe(false);
});
