import { createMemoryRunStore, noUsage, read, type RunEventBody } from '@memagent/core';
import { describe, expect, test } from 'vitest';
import { citationPrecision } from './citation-precision.ts';
import { evidenceRecall } from './evidence-recall.ts';
import { predictionOf } from './prediction-of.ts';
import { sectionMarks } from './section-marks.ts';

/** A section of 100 characters: number 1 is 0 to 100. */
function section(number: number, source = 0): RunEventBody {
  const [start, end] = [(number - 1) * 100, number * 100];
  const span = { source, start, end, byteStart: start, byteEnd: end, textStart: 0 };
  return { type: 'section-start', section: number, tokens: 20, spans: [span], hash: '' };
}

function memory(text: string): RunEventBody {
  const rest = { memoryTokens: 1, usage: noUsage, elapsedMs: 0 } as const;
  return { type: 'memory-updated', step: 'update', outcome: 'updated', memory: text, ...rest };
}

const evidence = [
  { start: 110, end: 120 },
  { start: 195, end: 205 },
  { start: 350, end: 360 },
  { start: 900, end: 910 },
];

describe('evidenceRecall', () => {
  test('tells what was ever marked from what is still marked', () => {
    const events = [
      section(1),
      memory('Nothing yet.'),
      section(2),
      memory('Anna lives there [2].'),
      section(3),
      memory('Anna lives there [2]. It burnt down [3].'),
      section(4),
      memory('It burnt down [3], says Boris.'),
    ];
    // Section 2 was forgotten; the second span lies in 2 and 3; 4 was never marked; 900 was never read.
    expect(evidenceRecall({ events, evidence })).toEqual({ ever: 2 / 4, atEnd: 1 / 4 });
  });

  test('takes the last memory from the result where there is one', () => {
    const result = { memory: 'All of it [2-4].' };
    const events = [section(2), section(3), section(4), memory('[2]'), { type: 'run-end', result }] as never;
    expect(evidenceRecall({ events, evidence })).toEqual({ ever: 2 / 4, atEnd: 3 / 4 });
  });

  test('other sources and sections that were not read do not count', () => {
    const events = [section(2, 1), memory('Anna [2], Boris [10].')];
    expect(evidenceRecall({ events, evidence })).toEqual({ ever: 0, atEnd: 0 });
    expect(evidenceRecall({ events, evidence, source: 1 })).toEqual({ ever: 2 / 4, atEnd: 2 / 4 });
  });

  test('is not known without evidence or without a memory', () => {
    expect(evidenceRecall({ events: [section(2), memory('[2]')], evidence: [] }).ever).toBeNull();
    expect(evidenceRecall({ events: [section(2)], evidence }).atEnd).toBeNull();
  });
});

function filler(words: string): string {
  return Array.from({ length: 60 }, (_, index) => `${words} ${index}.`).join(' ');
}

test('both follow a real run of the reading agent', async () => {
  const needle = 'The harbour master of Torvik is Ingrid Solheim.';
  const text = `${filler('Rain fell on the hills of page')}\n\n${needle}\n\n${filler('Sheep grazed by the road at mile')}`;
  const start = text.indexOf(needle);
  const span = { start, end: start + needle.length };

  const run = read({
    question: 'Who is the harbour master of Torvik?',
    source: text,
    reader: 'extractive',
    tokenizer: 'o200k_base',
    sectionTokens: 200,
    store: createMemoryRunStore(),
  });
  const events: RunEventBody[] = [];
  for await (const event of run) events.push(event);
  const { answer, citations, sections } = await run.result;

  expect(sections).toBeGreaterThan(4);
  expect(predictionOf({ answer })).toBe(needle);
  expect(evidenceRecall({ events, evidence: [span] })).toEqual({ ever: 1, atEnd: 1 });
  expect(evidenceRecall({ events, evidence: [{ start: 0, end: 20 }] })).toEqual({ ever: 0, atEnd: 0 });
  expect(citationPrecision({ citations, evidence: [span] })).toBe(1);
});

function cited(start: number, supported = true) {
  return { start, end: start + 10, supported };
}

describe('citationPrecision', () => {
  test('counts citations that are supported and lie on the evidence', () => {
    const citations = [cited(111), cited(111, false), cited(120), cited(101)];
    expect(citationPrecision({ citations, evidence })).toBe(2 / 4);
  });

  test('is not known without citations or without evidence', () => {
    expect(citationPrecision({ citations: [], evidence })).toBeNull();
    expect(citationPrecision({ citations: [cited(0)], evidence: [] })).toBeNull();
  });
});

test.each<[string, number[]]>([
  ['one [3], two [5, 7] and three [9-11]', [3, 5, 7, 9, 10, 11]],
  ['[3][4] [5; 6] [ 8 ]', [3, 4, 5, 6, 8]],
  ['[sic] [3a] [1-900] [] 12', []],
])('%j has marks of %j', (text, marks) => {
  expect([...sectionMarks(text)]).toEqual(marks);
});

test('a prediction is the answer without its marks', () => {
  expect(predictionOf({ answer: 'Kutuzov [3], in 1812 [4, 5]. [6]' })).toBe('Kutuzov, in 1812.');
  expect(predictionOf({ answer: 'as he wrote [sic]' })).toBe('as he wrote [sic]');
});
