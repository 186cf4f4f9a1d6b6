import { createRandom } from '@memagent/eval';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readByRule } from './demonstrations.ts';
import { tinyTemplate, tinyTemplateWithoutGate } from './tiny-prompt.ts';
import { createTinyItem, createTinyTask, sectionWords, tinyTaskNames } from './tiny-task.ts';
import { decode, encode } from './tiny-tokenizer.ts';
import { keepId } from './vocabulary.ts';

const requests = fc.record({
  name: fc.constantFrom(...tinyTaskNames),
  sections: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  index: fc.nat(1000),
});

test('every section has 56 words, all of them known, and holds the facts that it should', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const task = createTinyTask(request);
      for (let section = 0; section < task.sections; section++) {
        const text = task.textOf(section);
        expect(encode(text)).toHaveLength(sectionWords);
        expect(text).not.toContain('<unk>');
        expect(decode(encode(text)).split(' ')).toHaveLength(sectionWords);
        for (const { key, value } of task.factsOf(section)) expect(text).toContain(`${key} is ${value}.`);
        expect(text.match(/ is /g) ?? []).toHaveLength(task.factsOf(section).length);
      }
    }),
  );
});

describe('a perfect reader', () => {
  test.each([
    ['with', tinyTemplate],
    ['without', tinyTemplateWithoutGate],
  ])('gives the answers of every task, %s the gate', (_, template) => {
    fc.assert(
      fc.property(requests, (request) => {
        const task = createTinyTask(request);
        const conversations = readByRule(task, template);
        expect(conversations).toHaveLength(task.sections + 1);
        expect(decode(conversations.at(-1)?.actions ?? [])).toBe(task.answers.join(' '));
      }),
    );
  });

  test('finds nothing where nothing was told', () => {
    const task = createTinyTask({ name: 'update', sections: 3, seed: 4, index: 0, facts: 0 });
    const conversations = readByRule(task, tinyTemplate);
    expect(task.answers).toEqual([]);
    expect(conversations.map(({ actions }) => decode(actions))).toEqual(['keep', 'keep', 'keep', 'nothing']);
  });

  test('writes once for each fact and keeps its memory elsewhere', () => {
    const task = createTinyTask({ name: 'values', sections: 10, seed: 4, index: 0 });
    const kept = readByRule(task, tinyTemplate).filter(({ actions }) => actions[0] === keepId);
    expect(kept).toHaveLength(8);
  });
});

test('an undecided reader takes facts about others now and then, and never misses its own', () => {
  const random = createRandom('undecided');
  const documents = Array.from({ length: 100 }, (_, index) =>
    createTinyTask({ name: 'needle', sections: 2, seed: 5, index }),
  );
  const updates = documents.flatMap((task) =>
    readByRule(task, tinyTemplate, random)
      .slice(0, task.sections)
      .map(({ actions }, section) => ({
        reply: decode(actions),
        facts: task.factsOf(section),
        own: task.factsOf(section).find(({ key }) => task.question.endsWith(key)),
      })),
  );
  const missed = updates.filter(({ reply, own }) => own && reply !== own.value);
  expect(missed).toEqual([]);
  const others = updates.filter(({ own }) => !own);
  const mistakes = others.filter(({ reply, facts }) => facts.some(({ value }) => value === reply));
  expect(others.filter(({ reply }) => reply !== 'keep')).toEqual(mistakes);
  // Of a hundred sections without the fact, a quarter hold no other; half of the rest.
  expect(mistakes.length).toBeGreaterThan(20);
  expect(mistakes.length).toBeLessThan(60);
});

test('the same question is asked at every length, over documents that differ from seed to seed', async () => {
  const short = createTinyItem({ name: 'update', sections: 4, seed: 1, index: 7 });
  const long = createTinyItem({ name: 'update', sections: 40, seed: 1, index: 7 });
  expect([long.question, long.answers]).toEqual([short.question, short.answers]);
  const other = createTinyItem({ name: 'update', sections: 4, seed: 2, index: 7 });
  expect(other.question).not.toBe(short.question);
  expect(await textOf(short.document)).toBe(await textOf(short.document));
  expect(await textOf(other.document)).not.toBe(await textOf(short.document));
});

async function textOf(document: () => AsyncIterable<string>): Promise<string> {
  return (await Array.fromAsync(document())).join('');
}
