import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentWords } from '../text/content-words.ts';
import { prepareEvidence } from './evidence.ts';
import { supported, type Support } from './supported.ts';

const search = (sentence: string, text: string, question = ''): Support =>
  supported(sentence, prepareEvidence(text), new Set(contentWords(question)));

const section = `In 1812 Napoleon crossed the Niemen with 1,234 wagons. It was June.

Kutuzov took command of the Russian army in August. He was sixty-seven years old, and one-eyed. The soldiers liked the old man.

Prince Nikolai Bolkonski lived on his estate. He called it Bald Hills. His daughter kept him company there for twelve years.

Pierre married Natasha in the spring of 1813. They had three daughters and a son.`;

/** The text of the place that was found. */
function quoted(sentence: string, question?: string): string {
  const { start, end } = search(sentence, section, question);
  return section.slice(start, end);
}

describe('supported', () => {
  test.each([
    ['the text itself', 'Kutuzov took command of the Russian army in August.', true],
    [
      'a paraphrase that shares half of its words',
      'Command of the Russian soldiers was given to Kutuzov.',
      true,
    ],
    ['facts from neighbouring sentences', 'Nikolai Bolkonski had an estate called Bald Hills.', true],
    ['facts from four sentences apart', 'Napoleon crossed in 1812 and Pierre married.', false],
    ['a right year', 'Napoleon crossed the Niemen in 1812.', true],
    ['a wrong year', 'Napoleon crossed the Niemen in 1813.', false],
    ['a separator in the text', 'Napoleon crossed with 1234 wagons.', true],
    ['another number', 'Napoleon crossed with 12,345 wagons.', false],
    ['a word for a digit', 'They had 3 daughters.', true],
    ['a digit for a word', 'She kept him company for 12 years.', true],
    ['one', 'They had 1 son in three years.', false],
    ['a wrong name', 'Bagration took command of the Russian army.', false],
    ['a wrong first name', 'Prince Vasili Bolkonski lived on his estate.', false],
    ['words from nowhere', 'Kutuzov enjoyed sailing small wooden boats.', false],
    ['other case and accents', 'KUTÚZOV took command.', true],
    ['a short answer', 'Bald Hills', true],
    ['a short wrong answer', 'Otradnoe', false],
    ['nothing to check', 'Yes.', false],
    ['an empty sentence', '', false],
    // What a check of words cannot see. If these change, the doc comment of `supported` must too.
    ['negation is not detected', 'Kutuzov never took command of the Russian army.', true],
    ['roles are not detected', 'The Russian army took command of Kutuzov.', true],
    ['a paraphrase in other words is missed', 'Kutuzov became leader of the tsarist forces.', false],
  ])('%s', (_name, sentence, expected) => {
    expect(search(sentence, section).supported).toBe(expected);
  });

  test('quotes the tightest place', () => {
    expect(quoted('Pierre married Natasha in 1813.')).toBe('Pierre married Natasha in the spring of 1813.');
    expect(quoted('Nikolai Bolkonski had an estate called Bald Hills.')).toBe(
      'Prince Nikolai Bolkonski lived on his estate. He called it Bald Hills.',
    );
  });

  test('quotes the best place of an unsupported sentence', () => {
    expect(quoted('Pierre married Natasha in 1820.')).toBe('Pierre married Natasha in the spring of 1813.');
  });

  test('the question ranks places and decides nothing', () => {
    const text = 'Kutuzov slept. Kutuzov won at Borodino.';
    const place = (question?: string): string => {
      const { start, end } = search('Kutuzov', text, question);
      return text.slice(start, end);
    };
    expect(place()).toBe('Kutuzov slept.');
    expect(place('Who won at Borodino?')).toBe('Kutuzov won at Borodino.');
    expect(search('Bagration', text, 'Did Kutuzov win at Borodino?').supported).toBe(false);
  });

  test('reads languages without spaces', () => {
    expect(search('库图佐夫指挥军队', '天气很好。库图佐夫指挥了俄国军队。').supported).toBe(true);
  });

  test('the place lies in the text and has no white space around it, whatever the text is', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', ' ', '\n', '.', '\uD83D', '\uDE00', '1', '[', '’'),
    });
    fc.assert(
      fc.property(text, text, (sentence, source) => {
        const { start, end } = search(sentence, source);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(source.length);
        expect(source.slice(start, end)).toBe(source.slice(start, end).trim());
      }),
      { seed: 1 },
    );
  });
});
