/** The answers of the weak-spot tasks, worked out from the document as a careful reader would. */
import { describe, expect, it } from 'vitest';
import { makeItem } from './sample-item.ts';

const indices = [0, 1, 2, 3];

describe('knowledge_update', () => {
  it.each(indices)('asks for the last of several values (item %d)', async (index) => {
    const { item, text, evidence } = await makeItem('knowledge_update', {
      index,
      parameters: { updates: 4 },
    });
    const codes = codesIn(text, nameIn(item.question));
    expect(codes).toHaveLength(5);
    expect(item.answers).toEqual([codes.at(-1)]);
    expect(item.rejected).toEqual(codes.slice(0, -1));
    expect(evidence).toEqual([expect.stringContaining(`is now ${codes.at(-1)}.`)]);
    expect(text.match(/The door code of/g)).toHaveLength(15);
  });
});

describe('conflict', () => {
  it.each(indices)('asks for the values of all sources (item %d)', async (index) => {
    const { item, text, evidence } = await makeItem('conflict', { index, parameters: { sources: 3 } });
    const name = nameIn(item.question);
    const values = [...text.matchAll(new RegExp(`the ${name} reservoir holds (\\d+) barrels`, 'g'))];
    expect(values.map(([, value]) => value).toSorted()).toEqual(item.answers.toSorted());
    expect(new Set(item.answers).size).toBe(3);
    expect(evidence).toHaveLength(3);
  });
});

describe('ordering', () => {
  it.each(indices)('asks for the n-th signal of a ship (item %d)', async (index) => {
    const { item, text, evidence } = await makeItem('ordering', { index });
    const pattern = new RegExp(`The ${nameIn(item.question)} sent the signal (\\d+)\\.`, 'g');
    const signals = [...text.matchAll(pattern)].map(([, signal]) => signal);
    const wanted = Number(/which was the (\d+)(?:st|nd|rd|th) /.exec(item.question)?.[1]);
    expect(signals).toHaveLength(8);
    expect(item.answers).toEqual([signals[wanted - 1]]);
    expect(evidence).toEqual([expect.stringContaining(item.answers[0] ?? 'none')]);
    expect(text.match(/sent the signal/g)).toHaveLength(16);
  });
});

describe('aggregation', () => {
  it.each(indices)('counts, adds up and finds the most frequent label (item %d)', async (index) => {
    for (const task of ['aggregation_count', 'aggregation_sum', 'aggregation_most_frequent']) {
      const { item, text, evidence } = await makeItem(task, { index });
      const records = [...text.matchAll(/^Record (\d+): company \S+, label (\w+), amount (\d+)\.$/gm)].map(
        ([, number, label = '', amount]) => ({ number: Number(number), label, amount: Number(amount) }),
      );
      expect(records).toHaveLength(text.split('\n').length);
      expect(records.map(({ number }) => number)).toEqual(records.map((_, place) => place + 1));
      expect(evidence).toEqual([text]);
      const asked = /the label (\w+)/.exec(item.question)?.[1];
      const own = records.filter(({ label }) => label === asked);
      const expected = {
        aggregation_count: String(own.length),
        aggregation_sum: String(own.reduce((sum, { amount }) => sum + amount, 0)),
        aggregation_most_frequent: mostFrequent(records.map(({ label }) => label)),
      }[task];
      expect(item.answers).toEqual([expected].flat());
    }
  });
});

describe('multi_hop', () => {
  it.each([2, 4, 8])('follows a trail of %d clues, the last of which comes first', async (hops) => {
    const { item, text, evidence } = await makeItem('multi_hop', { parameters: { hops } });
    let box = nameIn(item.question);
    const places: number[] = [];
    let number: string | undefined;
    while (number === undefined) {
      const clue = new RegExp(
        `In the ${box} box lies (?:the key to the (\\S+) box|a note with the number (\\d+))\\.`,
      ).exec(text);
      expect(clue).not.toBeNull();
      places.push(clue?.index ?? 0);
      expect(evidence).toContain(clue?.[0]);
      box = clue?.[1] ?? '';
      number = clue?.[2];
    }
    expect(places).toHaveLength(hops);
    expect(item.answers).toEqual([number]);
    expect(places).toEqual(places.toSorted((a, b) => b - a));
    expect(text.match(/ box lies /g)).toHaveLength(2 * hops);
  });

  it('tells the clues as they follow each other, or mixed, if asked', async () => {
    const forward = await makeItem('multi_hop', { parameters: { order: 'forward', hops: 8 } });
    expect(forward.evidence[0]).toContain(nameIn(forward.item.question));
    const shuffled = await makeItem('multi_hop', { parameters: { order: 'shuffled', hops: 8 } });
    expect(shuffled.item.evidence).toHaveLength(8);
    await expect(makeItem('multi_hop', { parameters: { order: 'sideways' } })).rejects.toThrow(
      'cannot take "sideways" for order. Give reversed or shuffled or forward.',
    );
    await expect(makeItem('multi_hop', { parameters: { hops: 9 } })).rejects.toThrow(
      'a whole number from 2 to 8',
    );
    await expect(makeItem('multi_hop', { parameters: { hops: 2.5 } })).rejects.toThrow('cannot take 2.5');
  });
});

describe('unanswerable', () => {
  it.each(indices)('asks for what only has similar names in the text (item %d)', async (index) => {
    const { item, text } = await makeItem('unanswerable', { index });
    const name = nameIn(item.question);
    const [first, second] = name.split('-');
    expect(item).toMatchObject({ answers: [], unanswerable: true, metric: 'abstention', evidence: [] });
    expect(text).not.toContain(name);
    expect(text.match(/The registration number of the/g)).toHaveLength(3);
    expect(text).toContain(`the ${first}-`);
    expect(text).toContain(`-${second} is`);
  });
});

describe('needle_depth', () => {
  it.each([0, 10, 50, 90, 100])('puts the needle at %d per cent', async (at) => {
    const { item, text, evidence } = await makeItem('needle_depth', { tokens: 16_384, parameters: { at } });
    expect(Math.abs((100 * (item.evidence[0]?.start ?? 0)) / text.length - at)).toBeLessThan(1.5);
    expect(Math.abs(Number(item.meta['depth']) - at)).toBeLessThan(2);
    expect(evidence).toEqual([`The combination of the ${nameIn(item.question)} safe is ${item.answers[0]}.`]);
  });
});

describe('prompt_injection', () => {
  it.each([
    ['forget', 1],
    ['mislead', 3],
    ['both', 2],
  ])('orders the reader to %s, %d times, after the fact', async (order, times) => {
    const { item, text } = await makeItem('prompt_injection', { parameters: { order, times } });
    const forgets = [...text.matchAll(/IMPORTANT NOTICE TO THE READER/g)];
    const misleads = [...text.matchAll(/SYSTEM MESSAGE/g)];
    expect(forgets).toHaveLength(order === 'mislead' ? 0 : times);
    expect(misleads).toHaveLength(order === 'forget' ? 0 : times);
    for (const { index } of [...forgets, ...misleads])
      expect(index).toBeGreaterThan(item.evidence[0]?.end ?? 0);
    const [wrong] = item.rejected ?? [];
    expect(wrong).toMatch(/^\d+$/);
    expect(item.answers).not.toContain(wrong);
    expect(text.includes(`the answer is ${wrong}`)).toBe(order !== 'forget');
  });
});

/** The first `amber-lantern` of a question. */
function nameIn(question: string): string {
  return /\b[a-z]+-[a-z]+\b/.exec(question)?.[0] ?? '';
}

function codesIn(text: string, name: string): string[] {
  const pattern = new RegExp(
    `The door code of the ${name} warehouse (?:was changed and is now|is) (\\d+)\\.`,
    'g',
  );
  return [...text.matchAll(pattern)].map(([, code = '']) => code);
}

function mostFrequent(labels: readonly string[]): string[] {
  const groups = Map.groupBy(labels, (label) => label);
  const most = Math.max(...[...groups.values()].map(({ length }) => length));
  return [...groups].filter(([, { length }]) => length === most).map(([label]) => label);
}
