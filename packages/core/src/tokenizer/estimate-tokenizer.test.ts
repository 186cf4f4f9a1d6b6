import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPieceCounter } from './encoding/piece-counter.ts';
import { r50kBase } from './encoding/r50k-base.ts';
import { createEstimateTokenizer } from './estimate-tokenizer.ts';
import { createTiktokenTokenizer } from './tiktoken-tokenizer.ts';
import { tokenizerContract } from './tokenizer.contract.ts';
import type { Tokenizer } from './tokenizer.ts';

const book = readFileSync(
  new URL('../../../../examples/data/war-and-peace.txt', import.meta.url),
  'utf8',
).slice(500_000, 520_000);

/** Bytes that look random and are the same every time. */
const bytes = Buffer.concat(
  Array.from({ length: 64 }, (_, index) => createHash('sha256').update(`${index}`).digest()),
);
const numbers = Array.from({ length: 400 }, (_, index) => ((index * 7919) % 99_991) + index / 8);

/** Article 1 of the Universal Declaration of Human Rights, which is in the public domain, in other languages. */
const rights = {
  chinese: '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。',
  japanese: 'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。',
  korean: '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.',
  russian: 'Все люди рождаются свободными и равными в своем достоинстве и правах.',
  arabic: 'يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.',
  hindi: 'सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।',
  greek: 'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.',
  german: 'Alle Menschen sind frei und gleich an Würde und Rechten geboren.',
  french: 'Tous les êtres humains naissent libres et égaux en dignité et en droits.',
};

const samples: Record<string, string> = {
  english: book,
  capitals: book.toUpperCase(),
  code: readFileSync(new URL('estimate-tokenizer.ts', import.meta.url), 'utf8'),
  indented: Array.from({ length: 200 }, (_, index) => `${' '.repeat((index * 7) % 60)}x = y`).join('\n'),
  numbers: numbers.join('\n'),
  table: numbers.map((value) => `| ${value} | row |    |`).join('\n'),
  rules: `${'='.repeat(80)}\n${'-'.repeat(60)}\n${'.'.repeat(70)}12\n`.repeat(5),
  base64: bytes.toString('base64'),
  hex: bytes.toString('hex'),
  json: JSON.stringify(Object.fromEntries(numbers.map((value) => [`key${value}`, [value, null]])), null, 2),
  emoji: '😀🎉👩\u200d👩\u200d👧🏳️\u200d🌈👍🏽 great 🚀 '.repeat(10),
  box: '┌──────────┐\n│ text     │\n└──────────┘\n'.repeat(10),
  ...rights,
};

/** A byte level vocabulary of 8,000: the first merges of a larger one. */
const smallVocabulary = createPieceCounter({
  ...r50kBase,
  ranks: new Map([...r50kBase.ranks].filter(([, rank]) => rank < 8000)),
});

const others: [string, (text: string) => number][] = [['8,000 tokens', smallVocabulary]];
for (const name of ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const) {
  others.push([name, (await createTiktokenTokenizer(name)).count]);
}

describe('estimate', () => {
  tokenizerContract(() => createEstimateTokenizer());

  it.each(Object.keys(samples))('starts at or above what any tokenizer counts: %s', async (name) => {
    const sample = samples[name] ?? '';
    const { count } = await createEstimateTokenizer();
    expect(count(sample)).toBeGreaterThanOrEqual(Math.max(...others.map(([, real]) => real(sample))));
  });

  it.each(others)(
    'keeps the bound, closely, for text like that which was reported on: %s',
    async (_, real) => {
      const seen = book.slice(0, 10_000);
      const tokenizer = learn(await createEstimateTokenizer(), seen, real(seen));
      const next = book.slice(10_000);
      expect(tokenizer.count(next)).toBeGreaterThanOrEqual(real(next));
      expect(tokenizer.count(next)).toBeLessThan(real(next) * 1.2);
    },
  );

  it.each(others)(
    'learned from anything, stays above what is counted of anything else: %s',
    async (_, real) => {
      const start = await createEstimateTokenizer();
      for (const seen of Object.values(samples)) {
        // As every prompt, it begins with plain words.
        const prompt = book.slice(0, 1500) + seen;
        const tokenizer = learn(start, prompt, real(prompt));
        const over = Object.keys(samples).filter((name) => {
          const next = book.slice(2000, 3500) + samples[name];
          return real(next) > tokenizer.count(next);
        });
        expect(over).toEqual([]);
      }
    },
  );

  it('learned from English alone, says of other scripts that each byte may be a token', async () => {
    const tokenizer = learn(await createEstimateTokenizer(), book, 5000);
    expect(tokenizer.count(rights.chinese)).toBe(Buffer.byteLength(rights.chinese));
    const both = learn(tokenizer, book.slice(0, 1000) + rights.chinese.repeat(20), 1100);
    expect(both.count(rights.chinese)).toBeLessThan(tokenizer.count(rights.chinese) / 2);
    expect(both.count(book)).toBe(tokenizer.count(book));
  });

  it('takes the first report, then only higher ones', async () => {
    const start = await createEstimateTokenizer();
    const low = learn(start, book, 5500);
    expect(low.count(book)).toBe(Math.ceil(5500 * 1.03));
    expect(learn(low, book, 5200).count(book)).toBe(low.count(book));
    expect(learn(low, book, 5800).count(book)).toBe(Math.ceil(5800 * 1.03));
    expect(start.count(book)).toBeGreaterThan(low.count(book));
  });

  it('never counts more tokens than bytes', async () => {
    const tokenizer = learn(await createEstimateTokenizer(), book, book.length);
    for (const sample of Object.values(samples)) {
      expect(tokenizer.count(sample)).toBeLessThanOrEqual(Buffer.byteLength(sample));
    }
  });

  it('goes on from reports that were kept as JSON, and counts the same again', async () => {
    const { learner } = await createEstimateTokenizer();
    const report = learner?.report([{ role: 'user', content: samples['code'] ?? '' }], 3000);
    const kept = JSON.parse(JSON.stringify(report)) as NonNullable<typeof report>;
    const first = learner?.learn(kept);
    const resumed = (await createEstimateTokenizer()).learner?.learn(kept);
    for (const sample of Object.values(samples)) expect(resumed?.count(sample)).toBe(first?.count(sample));
  });

  it('knows the fewest tokens that a server can report', async () => {
    const { learner } = await createEstimateTokenizer();
    const least = learner?.least([{ role: 'user', content: book }]) ?? 0;
    for (const [, real] of others) expect(least).toBeLessThan(real(book));
    expect(least).toBeGreaterThan(3000);
  });
});

function learn(tokenizer: Tokenizer, content: string, reported: number): Tokenizer {
  const { learner } = tokenizer;
  const report = learner?.report([{ role: 'user', content }], reported);
  return (report && learner?.learn(report)) ?? tokenizer;
}
