import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPieceCounter } from './encoding/piece-counter.ts';
import { r50kBase } from './encoding/r50k-base.ts';
import { createEstimateTokenizer } from './estimate-tokenizer.ts';
import { createTiktokenTokenizer } from './tiktoken-tokenizer.ts';
import { tokenizerContract } from './tokenizer.contract.ts';

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
    'keeps the bound, closely, for text like that it was calibrated on: %s',
    async (_, real) => {
      const tokenizer = await createEstimateTokenizer();
      const seen = book.slice(0, 10_000);
      tokenizer.calibrate?.(tokenizer.countPrompt([{ role: 'user', content: seen }]), real(seen));
      const next = book.slice(10_000);
      expect(tokenizer.count(next)).toBeGreaterThanOrEqual(real(next));
      expect(tokenizer.count(next)).toBeLessThan(real(next) * 1.25);
    },
  );

  it('learned from English alone, keeps most of the surcharge for other scripts', async () => {
    const tokenizer = await createEstimateTokenizer();
    const before = tokenizer.count(rights.chinese);
    const message = { role: 'user', content: 'Who commands the army? '.repeat(20) } as const;
    tokenizer.calibrate?.(tokenizer.countPrompt([message]), 110);
    expect(tokenizer.count(rights.chinese)).toBeGreaterThan(before / 2);
  });

  it('takes the first report, then only higher ones', async () => {
    const tokenizer = await createEstimateTokenizer();
    const prompt = [{ role: 'user', content: book }] as const;
    expect(tokenizer.factor).toBe(1);
    const low = tokenizer.calibrate?.(tokenizer.countPrompt(prompt), 6000);
    expect(low).toBeLessThan(0.5);
    expect(tokenizer.factor).toBe(low);
    expect(tokenizer.calibrate?.(tokenizer.countPrompt(prompt), 5000)).toBeUndefined();
    const high = tokenizer.calibrate?.(tokenizer.countPrompt(prompt), 8000);
    expect(high).toBeGreaterThan(low ?? 0);
    expect(tokenizer.factor).toBe(high);
  });

  it('covers at once a report that was higher than counted', async () => {
    const tokenizer = await createEstimateTokenizer();
    const prompt = [{ role: 'user', content: book }] as const;
    const counted = tokenizer.countPrompt(prompt);
    expect(tokenizer.calibrate?.(counted, counted * 2)).toBeGreaterThan(1);
    expect(tokenizer.countPrompt(prompt)).toBeGreaterThanOrEqual(counted * 2);
  });

  it('learns nothing from a prompt that it never counted', async () => {
    const tokenizer = await createEstimateTokenizer();
    expect(tokenizer.calibrate?.(1234, 1000)).toBeUndefined();
    expect(tokenizer.factor).toBe(1);
  });

  it('goes on from a factor that was kept, and counts the same again', async () => {
    const first = await createEstimateTokenizer();
    const factor =
      first.calibrate?.(first.countPrompt([{ role: 'user', content: book }]), 6500) ?? Number.NaN;
    const resumed = await createEstimateTokenizer({ factor });
    const restored = await createEstimateTokenizer();
    restored.factor = factor;
    for (const sample of Object.values(samples)) {
      expect(resumed.count(sample)).toBe(first.count(sample));
      expect(restored.count(sample)).toBe(first.count(sample));
    }
  });

  it('restored to where nothing was observed, still comes down with the first report', async () => {
    const tokenizer = await createEstimateTokenizer({ factor: 1 });
    expect(
      tokenizer.calibrate?.(tokenizer.countPrompt([{ role: 'user', content: book }]), 6000),
    ).toBeLessThan(1);
  });

  it('knows the fewest tokens that a server can report', async () => {
    const tokenizer = await createEstimateTokenizer();
    const counted = tokenizer.countPrompt([{ role: 'user', content: book }]);
    const least = tokenizer.leastReported?.(counted) ?? 0;
    for (const [, real] of others) expect(least).toBeLessThan(real(book));
    expect(least).toBeGreaterThan(3000);
  });
});
