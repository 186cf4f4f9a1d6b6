import { expect, test } from 'vitest';
import { createEstimateTokenizer } from '../tokenizer/estimate-tokenizer.ts';
import { collect } from './collect.ts';
import { cutSections } from './cut-sections.ts';
import { createSectionPlaces } from './section-places.ts';
import { sourcesOf } from './sources-of.ts';

const tokenizer = await createEstimateTokenizer();

test('gives back the spans of every section, of several sources and with pages', async () => {
  const paged = [1, 2, 3].map((page) => ({ page, text: `Page ${page} tells of Natasha. `.repeat(20) }));
  const sources = sourcesOf('Élan, said Pierre. '.repeat(60), 'Short.', paged, 'Then they left. '.repeat(40));
  const sections = await collect(cutSections(sources, { tokenizer, maxTokens: () => 100, headers: true }));
  expect(sections.some(({ spans }) => spans.length > 1)).toBe(true);
  const places = createSectionPlaces();
  for (const { spans } of sections) places.add(spans);
  for (const { number, spans } of sections) {
    expect(places.spansOf(number)).toEqual(spans.map(({ textStart: _textStart, ...span }) => span));
  }
});

test('knows no section but those that were added', () => {
  const places = createSectionPlaces();
  expect(places.spansOf(1)).toEqual([]);
  places.add([{ source: 0, start: 0, end: 4, byteStart: 0, byteEnd: 5 }]);
  expect([places.spansOf(0), places.spansOf(2)]).toEqual([[], []]);
});
