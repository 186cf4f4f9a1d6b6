import { describe, expect, it } from 'vitest';
import { makeItem } from './sample-item.ts';
import { sampleQuestions } from './sample-questions.ts';

describe('questions among paragraphs', () => {
  it.each([5, 50, 400, 1_000])('have %d paragraphs in all', async (paragraphs) => {
    const { item, text, evidence } = await makeItem('ruler_hotpotqa', { paragraphs });
    const units = text.split('\n\n');
    expect(units).toHaveLength(paragraphs);
    expect(units.every((unit, index) => unit.startsWith(`Document ${index + 1}:\n`))).toBe(true);
    const asked = sampleQuestions.questions.find(({ id }) => id === item.meta['source']);
    expect(evidence.toSorted()).toEqual(
      asked?.supporting.map(({ title, text: body }) => `${title}\n${body}`).toSorted(),
    );
    expect(item.meta).toMatchObject({
      paragraphs,
      recycled: Math.max(0, paragraphs - 5 - usableFor(item.answers)),
    });
    expect(text.split(item.answers[0] ?? '')).toHaveLength(2);
  });

  it('use up the pool before they repeat it, and repeat it in another order', async () => {
    const { item, text } = await makeItem('ruler_squad', { paragraphs: 600 });
    const titles = [...text.matchAll(/^Pool \d+$/gm)].map(([title]) => title);
    const round = usableFor(item.answers);
    expect(new Set(titles.slice(0, round)).size).toBe(round);
    expect(new Set(titles.slice(round, 2 * round)).size).toBe(round);
    expect(titles.slice(0, round)).not.toEqual(titles.slice(round, 2 * round));
    expect(item.meta['recycled']).toBe(titles.length - round);
  });

  it('leave out misleading paragraphs before supporting ones, and refuse where those find no room', async () => {
    const two = await makeItem('ruler_musique', { paragraphs: 2 });
    expect(two.evidence).toHaveLength(2);
    expect(two.text).not.toContain('Bluff');
    const some = await makeItem('ruler_musique', { paragraphs: 4 });
    expect(some.text.match(/Bluff/g)).toHaveLength(2);
    const few = await makeItem('ruler_musique', { tokens: 250 });
    expect(few.evidence).toHaveLength(2);
    await expect(makeItem('ruler_musique', { paragraphs: 1 })).rejects.toThrow(
      'Ask for at least 2 paragraphs',
    );
    await expect(makeItem('ruler_musique', { tokens: 50 })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('ask every question once before one comes again', async () => {
    const ids = await Promise.all(
      Array.from({ length: 21 }, async (_, index) => {
        const { item } = await makeItem('qa_2', { paragraphs: 5, index });
        return item.meta['source'];
      }),
    );
    expect(new Set(ids.slice(0, 20)).size).toBe(20);
    expect(ids[20]).toBe(ids[0]);
  });

  it('put the evidence anywhere', async () => {
    const depths = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const { item, text } = await makeItem('qa_1', { paragraphs: 50, index });
        return item.evidence.map(({ start }) => start / text.length);
      }),
    );
    const quarters = [0, 0, 0, 0];
    for (const depth of depths.flat()) quarters[Math.floor(depth * 4)]!++;
    expect(Math.min(...quarters)).toBeGreaterThan(8);
  });

  it('take no length in paragraphs where there are none', async () => {
    await expect(makeItem('vt', { paragraphs: 5 })).rejects.toThrow('Give its length in tokens');
  });
});

/** Paragraphs of the pool that do not hold the answer. */
function usableFor(answers: readonly string[]): number {
  return sampleQuestions.pool.filter(({ text }) => !text.includes(answers[0] ?? '')).length;
}
