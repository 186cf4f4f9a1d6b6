import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TextChunk } from '../source/source.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chainHash } from './chain-hash.ts';
import { collect } from './collect.ts';
import { cutSections, type CutSectionsOptions } from './cut-sections.ts';
import type { Section } from './section.ts';
import { chunked, sourcesOf } from './sources-of.ts';

const tokenizer = await createTiktokenTokenizer('o200k_base');
const book = readFileSync(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url), 'utf8');

const cut = (
  sources: Parameters<typeof sourcesOf>,
  maxTokens: number,
  options: Partial<CutSectionsOptions> = {},
): Promise<Section[]> =>
  collect(
    cutSections(sourcesOf(...sources), { tokenizer, maxTokens: () => maxTokens, headers: false, ...options }),
  );

const pages = (): TextChunk[] =>
  [1, 2, 3, 4].flatMap((page) => [
    { text: `Page ${page} begins. `, page },
    { text: 'And it goes on. '.repeat(8) },
  ]);

async function* failing(): AsyncGenerator<TextChunk> {
  yield { text: 'Then.' };
  throw new Error('gone');
}

const hashes = (sections: readonly Section[]): string[] => {
  let hash = '';
  return sections.map((section) => (hash = chainHash(hash, section.text)));
};

describe('the ends of sections', () => {
  it('of a book are the ends of paragraphs, and sections are nearly full', async () => {
    const sections = await cut([chunked(book.slice(0, 500_000), [65_536])], 5000);
    const whole = sections.slice(0, -1);
    expect(whole.length).toBeGreaterThan(15);
    expect(whole.filter(({ text }) => /\n\s*\n$/.test(text)).length).toBe(whole.length);
    expect(whole.reduce((sum, { tokens }) => sum + tokens, 0) / whole.length).toBeGreaterThan(4750);
  });

  it('are sentences where there are no paragraphs', async () => {
    const sections = await cut(['The prince rode on. He said nothing more! '.repeat(100)], 60);
    for (const { text } of sections) expect(text).toMatch(/[.!] $/);
  });

  it('are lines where there are no sentences', async () => {
    const sections = await cut(['const a = b;\r\nreturn foo(a)\r\n'.repeat(100)], 60);
    for (const { text } of sections) expect(text).toMatch(/\r\n$/);
  });

  it('are words where there is nothing better', async () => {
    const sections = await cut(['alpha beta gamma delta '.repeat(100)], 60);
    for (const { text } of sections) expect(text).toMatch(/^\w.*\w $/);
  });

  it('lie anywhere in a long line without a break, and leave no room', async () => {
    const line = 'ACGTTGCA'.repeat(25_000);
    const sections = await cut([chunked(line, [1000])], 2000);
    expect(sections.map(({ text }) => text).join('')).toBe(line);
    for (const { tokens } of sections.slice(0, -1)) expect(tokens).toBeGreaterThan(1900);
  });
});

describe('a tokenizer that finds more tokens in the whole than in its parts', () => {
  it('still keeps the limit', async () => {
    const odd: Tokenizer = {
      name: 'odd',
      exact: true,
      count: (text) => Math.ceil(text.length ** 1.1),
      countPrompt: () => 0,
    };
    const sections = await cut([book.slice(0, 20_000)], 1000, { tokenizer: odd });
    for (const { tokens, text } of sections) {
      expect(tokens).toBe(odd.count(text));
      expect(tokens).toBeLessThanOrEqual(1000);
    }
    expect(sections[0]?.tokens).toBeGreaterThan(800);
  });
});

describe('several sources', () => {
  it('share a section when they are small, each under its name', async () => {
    const [section, ...others] = await cut(['First.', 'Second.\n', 'Third.'], 100, { headers: true });
    expect(section?.text).toBe(
      '--- from part-0.txt ---\nFirst.\n--- from part-1.txt ---\nSecond.\n--- from part-2.txt ---\nThird.',
    );
    expect(others).toEqual([]);
  });

  it('are divided between files rather than inside one where that is near the limit', async () => {
    const file = 'It was so. '.repeat(10);
    const sections = await cut([file, file, file, file], 110, { headers: true });
    expect(sections.map(({ spans }) => spans.map(({ source }) => source))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('may be empty', async () => {
    const sections = await cut(['', 'Text.', '', ''], 100, { headers: true });
    expect(sections.map(({ spans }) => spans.map(({ source }) => source))).toEqual([[1]]);
    expect(await cut(['', ''], 100)).toEqual([]);
  });
});

describe('pages', () => {
  it('are named by the one in force at the start of a span and those that begin in it', async () => {
    const length = pages()
      .slice(0, 2)
      .map(({ text }) => text.length)
      .reduce((sum, item) => sum + item);
    const sections = await cut([pages()], 60);
    for (const { spans } of sections) {
      for (const { start, end, pages: found } of spans) {
        const expected = [1, 2, 3, 4]
          .map((page) => ({ page, start: (page - 1) * length }))
          .filter((page) => page.start < end && page.start + length > start);
        expect(found).toEqual(expected);
      }
    }
    expect(sections.length).toBeGreaterThan(2);
  });
});

describe('reading', () => {
  it('gives a section before the source is read much further, and closes the source', async () => {
    let given = 0;
    let isClosed = false;
    async function* endless(): AsyncGenerator<TextChunk> {
      try {
        for (;;) yield { text: `Sentence ${++given} of many. ` };
      } finally {
        isClosed = true;
      }
    }
    const options = { tokenizer, maxTokens: () => 500, headers: false };
    let tokens = 0;
    for await (const section of cutSections(sourcesOf(endless()), options)) {
      tokens += section.tokens;
      expect(given * 6).toBeLessThan(tokens + 100);
      if (section.number === 20) break;
    }
    expect(isClosed).toBe(true);
  });

  it('asks for the limit before each section', async () => {
    const limits = [100, 30, 200];
    const sections = await cut(['It was so. '.repeat(200)], 0, { maxTokens: () => limits.shift() ?? 50 });
    expect(sections.slice(0, 4).map(({ tokens }) => Math.ceil(tokens / 10) * 10)).toEqual([100, 30, 200, 50]);
  });

  it('stops at once with the reason of the signal, though the source hangs', async () => {
    const controller = new AbortController();
    async function* hanging(): AsyncGenerator<TextChunk> {
      yield { text: 'Then nothing.' };
      controller.abort(new Error('enough'));
      await new Promise(() => {});
    }
    await expect(cut([hanging()], 100, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('passes on what a source throws', async () => {
    await expect(cut([failing()], 100, { signal: new AbortController().signal })).rejects.toThrow('gone');
  });

  it('tells the characters of each source that it has read', async () => {
    const ends: [string, number][] = [];
    await cut(['Привет.', '', 'x'.repeat(3000)], 100, {
      onSourceEnd: ({ name }, characters) => {
        ends.push([name, characters]);
      },
    });
    expect(ends).toEqual([
      ['part-0.txt', 7],
      ['part-1.txt', 0],
      ['part-2.txt', 3000],
    ]);
  });

  it.each([0, -1, Number.NaN])('refuses a limit of %d', async (limit) => {
    await expect(cut(['text'], limit)).rejects.toMatchObject({ code: 'window-too-small' });
  });

  it('refuses a limit that holds no character', async () => {
    await expect(cut(['text'], 5, { headers: true })).rejects.toMatchObject({ code: 'window-too-small' });
  });
});

describe('sections that were cut before', () => {
  const text = book.slice(0, 60_000);
  it('are not counted again', async () => {
    const known = await cut([text], 1000);
    const uncounting: Tokenizer = {
      ...tokenizer,
      parts: {
        weigh: () => {
          throw new Error('counted');
        },
        tokens: () => 0,
      },
    };
    expect(await cut([text], 1000, { known, tokenizer: uncounting })).toEqual(known);
  });

  it.each([150, 5000])(
    'are followed by the same ones of %d tokens as if none had been',
    async (maxTokens) => {
      const part = maxTokens < 1000 ? text.slice(0, 20_000) : book.slice(0, 200_000);
      const all = await cut([part], maxTokens);
      for (let count = 1; count < all.length; count += 1) {
        const resumed = await cut([part], maxTokens, { known: all.slice(0, count) });
        expect(hashes(resumed), `after ${count} known`).toEqual(hashes(all));
      }
    },
  );

  it('show by their hash from where on the source has changed', async () => {
    const known = await cut([text], 1000);
    const changed = `${text.slice(0, 30_000)}!${text.slice(30_001)}`;
    const now = hashes(await cut([changed], 1000, { known }));
    const first = known.findIndex(({ spans }) => (spans[0]?.end ?? 0) > 30_000);
    expect(hashes(known).findIndex((hash, index) => hash !== now[index])).toBe(first);
  });

  it('are shorter or empty where the source no longer has their text', async () => {
    const known = await cut([text], 1000);
    const now = await cut([text.slice(0, 30_000)], 1000, { known });
    expect(now.map(({ text: part }) => part).join('')).toBe(text.slice(0, 30_000));
    expect(now.length).toBe(known.length);
    expect(now.at(-1)?.spans).toEqual([]);
    expect(hashes(now).at(-1)).not.toBe(hashes(known).at(-1));
  });

  it('show that a source is gone', async () => {
    const known = await cut([text, text], 1000, { headers: true });
    const now = await cut([text], 1000, { headers: true, known });
    expect(hashes(now).at(-1)).not.toBe(hashes(known).at(-1));
  });
});
