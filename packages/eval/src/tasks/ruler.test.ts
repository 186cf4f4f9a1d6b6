/** RULER's tasks hold what the benchmark says, told from the document alone. */
import { describe, expect, it } from 'vitest';
import { makeItem } from './sample-item.ts';

const needle = /One of the special magic (numbers|uuids) for (\S+) is: (\S+)\./g;
const number = /^\d{7}$/;
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const pair = /^[a-z]+-[a-z]+$/;

describe.each([
  ['niah_single_1', { needles: 1, keys: 1, asked: 1, key: pair, value: number, haystack: 'noise' }],
  [
    'niah_single_2',
    { needles: 1, keys: 1, asked: 1, key: pair, value: number, haystack: 'Great Expectations' },
  ],
  [
    'niah_single_3',
    { needles: 1, keys: 1, asked: 1, key: pair, value: uuid, haystack: 'Great Expectations' },
  ],
  [
    'niah_multikey_1',
    { needles: 4, keys: 4, asked: 1, key: pair, value: number, haystack: 'Great Expectations' },
  ],
  [
    'niah_multikey_2',
    { needles: Infinity, keys: Infinity, asked: 1, key: pair, value: number, haystack: 'needles' },
  ],
  [
    'niah_multikey_3',
    { needles: Infinity, keys: Infinity, asked: 1, key: uuid, value: uuid, haystack: 'needles' },
  ],
  [
    'niah_multivalue',
    { needles: 4, keys: 1, asked: 1, key: pair, value: number, haystack: 'Great Expectations' },
  ],
  [
    'niah_multiquery',
    { needles: 4, keys: 4, asked: 4, key: pair, value: number, haystack: 'Great Expectations' },
  ],
])('%s', (task, expected) => {
  it.each([0, 1, 2])('hides its needles and asks for them (item %d)', async (index) => {
    const { item, text, evidence } = await makeItem(task, { index });
    const found = [...text.matchAll(needle)].map(([, , key = '', value = '']) => ({ key, value }));
    const isFull = expected.needles === Infinity;
    expect(found).toHaveLength(isFull ? text.split('\n').length : expected.needles);
    expect(new Set(found.map(({ key }) => key)).size).toBe(isFull ? found.length : expected.keys);
    expect(found.every(({ key, value }) => expected.key.test(key) && expected.value.test(value))).toBe(true);

    const asked = found.filter(({ key }) => item.question.includes(key));
    expect(new Set(asked.map(({ key }) => key)).size).toBe(expected.asked);
    expect(item.answers.toSorted()).toEqual(asked.map(({ value }) => value).toSorted());
    expect(evidence).toHaveLength(item.answers.length);
    for (const { key, value } of asked) {
      expect(evidence.filter((span) => span.includes(key) && span.includes(value))).toHaveLength(1);
    }
    expect(item.meta['haystack']).toBe(expected.haystack);
  });
});

describe('vt', () => {
  it.each([
    { hops: 4, chains: 1 },
    { hops: 9, chains: 3 },
  ])('asks for all variables of a chain: %j', async (parameters) => {
    const { item, text, evidence } = await makeItem('vt', { parameters });
    const [example = '', document = ''] = text.split('What follows is the text that counts.');
    const value = /the value (\d{5})/.exec(item.question)?.[1] ?? '';
    expect(item.answers).toHaveLength(parameters.hops + 1);
    expect(variablesWith(value, document).toSorted()).toEqual(item.answers.toSorted());
    expect(document.match(/^VAR /gm)).toHaveLength((parameters.hops + 1) * parameters.chains);
    expect(evidence[0]).toBe(`VAR ${item.answers[0]} = ${value}`);
    expect(evidence[1]).toBe(`VAR ${item.answers[1]} = VAR ${item.answers[0]}`);

    const shown = /Answer: (.*)/.exec(example)?.[1]?.split(', ') ?? [];
    const exampleValue = /the value (\d{5})/.exec(example)?.[1] ?? '';
    expect(variablesWith(exampleValue, example).toSorted()).toEqual(shown.toSorted());
    expect(shown).toHaveLength(parameters.hops + 1);
  });
});

describe('cwe', () => {
  it.each([
    [2_048, 6, 1],
    [8_192, 30, 3],
    [262_144, 30, 3],
  ])('at %d tokens repeats ten words %d times and others %d times', async (tokens, many, few) => {
    const { item, text } = await makeItem('cwe', { tokens });
    const [example = '', list = ''] = text.split('What follows is the text that counts.\n\n');
    expect(mostCommon(list).slice(0, 10).toSorted()).toEqual(item.answers.toSorted());
    const counts = countsOf(list);
    expect(item.answers.every((word) => counts.get(word) === many)).toBe(true);
    expect([...counts.values()].filter((count) => count === few)).toHaveLength(counts.size - 10);

    const shown = wordsOf(/Answer: (.*)/.exec(example)?.[1] ?? '');
    expect(shown).toHaveLength(10);
    expect(
      mostCommon(example.slice(0, example.indexOf('Question')))
        .slice(0, 10)
        .toSorted(),
    ).toEqual(shown.toSorted());
  });

  it('numbers the list and mixes it', async () => {
    const { item, text } = await makeItem('cwe', { tokens: 8_192 });
    const list = text.split('that counts.\n\n')[1] ?? '';
    const numbers = [...list.matchAll(/(\d+)\. /g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const words = wordsOf(list);
    const firstHalf = words.slice(0, words.length / 2).filter((word) => item.answers.includes(word));
    expect(firstHalf.length).toBeGreaterThan(110);
    expect(firstHalf.length).toBeLessThan(190);
  });
});

describe('fwe', () => {
  it.each([2, 3])('has frequencies that fall with the rank to the power of %d', async (alpha) => {
    const { item, text } = await makeItem('fwe', { tokens: 65_536, parameters: { alpha } });
    const counts = new Map<string, number>();
    for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
    const [dots, ...ranked] = [...counts].toSorted((a, b) => b[1] - a[1]);
    expect(dots?.[0]).toBe('...');
    expect(ranked.slice(0, 3).map(([word]) => word)).toEqual(item.answers);
    expect(ranked.every(([word]) => /^[a-z]{6}$/.test(word))).toBe(true);
    for (const [index, [, count]] of ranked.slice(0, 3).entries()) {
      expect(count / (dots?.[1] ?? 0)).toBeCloseTo((index + 2) ** -alpha, 2);
    }
  });
});

function wordsOf(list: string): string[] {
  return [...list.matchAll(/\d+\. (\S+)/g)].map(([, word = '']) => word);
}

function countsOf(list: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(list)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function mostCommon(list: string): string[] {
  return [...countsOf(list)].toSorted((a, b) => b[1] - a[1]).map(([word]) => word);
}

/** Follows the assignments in the order of the text. */
function variablesWith(value: string, text: string): string[] {
  const known = new Set<string>();
  for (const [, name = '', assigned = ''] of text.matchAll(/^VAR (\w+) = (?:VAR )?(\w+)$/gm)) {
    if (assigned === value || known.has(assigned)) known.add(name);
  }
  return [...known];
}
