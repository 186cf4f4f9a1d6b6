import type { RunEventBody, StoredEvent, Usage } from '@memagent/core';
import { expect, test } from 'vitest';
import { nameOfStop, wordsOfState } from '../components/strip.tsx';
import { createTrace, type Trace } from './trace.ts';

const usage: Usage = {
  promptTokens: 10,
  completionTokens: 2,
  cachedTokens: 0,
  reasoningTokens: 0,
  calls: 1,
  retries: 0,
};
const source = {
  index: 0,
  name: 'a.txt',
  mediaType: 'text/plain',
  encoding: 'utf-8',
  bytes: 400,
  textFile: '/a.txt',
};

/** Events one second apart. */
function fold(bodies: readonly unknown[]): Trace {
  const trace = createTrace();
  for (const [index, body] of bodies.entries()) {
    trace.apply({ seq: index + 1, at: 1000 * index, ...(body as RunEventBody) } as StoredEvent);
  }
  return trace;
}

const start = (strategy = 'memory') => ({
  type: 'run-start',
  runId: 'r',
  version: 1,
  settings: { strategy, model: 'p/m', reader: 'model' },
  window: {},
  concurrency: 1,
});
const section = (number: number) => ({
  type: 'section-start',
  section: number,
  tokens: 25,
  spans: [
    {
      source: 0,
      start: 100 * number - 100,
      end: 100 * number,
      byteStart: 100 * number - 100,
      byteEnd: 100 * number,
      textStart: 0,
    },
  ],
  hash: '',
});
const call = (step: string, attempt = 1) => ({
  type: 'call-start',
  step,
  attempt,
  promptTokens: 9,
  maxOutputTokens: 5,
});
const reply = (step: string, attempt = 1) => ({
  type: 'call-end',
  step,
  attempt,
  usage,
  elapsedMs: 5,
  finishReason: 'stop',
  reply: 'm',
});
const memory = (step: string, number: number, text: string, outcome = 'updated') => ({
  type: 'memory-updated',
  step,
  section: number,
  outcome,
  memory: text,
  memoryTokens: 3,
  usage,
  elapsedMs: 5,
});

const two = [
  start(),
  { type: 'source-start', source },
  section(1),
  call('update/1'),
  reply('update/1'),
  memory('update/1', 1, 'Ada Holm built it. [1]'),
  section(2),
  call('update/2'),
  { type: 'call-retry', step: 'update/2', attempt: 1, reason: 'HTTP 500', delayMs: 1, status: 500 },
  call('update/2', 2),
  reply('update/2', 2),
  memory('update/2', 2, 'Ada Holm built it. [1]\nIt burned in 1901. [2]'),
];

test('a run is folded into its stops, what they changed, and what they used', () => {
  const trace = fold(two);
  expect(trace.stops.map(({ section: number, state }) => [number, state])).toEqual([
    [1, 'changed'],
    [2, 'retried'],
  ]);
  expect(trace.stops[1]).toMatchObject({
    before: 0,
    attempts: [{ problem: 'HTTP 500', status: 500 }, { reply: 'm' }],
  });
  expect(trace.changesAt(1).map(({ kind, sentence }) => [kind, sentence.marks])).toEqual([
    ['kept', [1]],
    ['added', [2]],
  ]);
  expect(trace.totals).toMatchObject({ promptTokens: 20, completionTokens: 4, calls: 2, retries: 1 });
  // 200 of 400 bytes were read, 50 tokens in the 11 seconds of this session.
  expect(trace.progress()).toMatchObject({
    sections: 4,
    tokensPerSecond: 50 / 11,
    remainingMs: expect.closeTo(11_000) as number,
    elapsedMs: 11_000,
  });
});

test('a step that was cut short and begun anew by the next session has the attempts of both', () => {
  const trace = createTrace();
  const events = [
    ...two.slice(0, 4),
    { type: 'run-resume', steps: 0, sections: 1 },
    call('update/1'),
    reply('update/1'),
  ];
  for (const [index, body] of events.entries())
    trace.apply({ seq: index + 1, at: index, ...body } as StoredEvent);
  expect(trace.stops[0]?.attempts).toMatchObject([{ number: 1 }, { number: 1, reply: 'm' }]);
  expect(trace.stops[0]?.attempts[0]).not.toHaveProperty('reply');
});

test('an event that came before changes nothing, so a stream may be read again', () => {
  const trace = fold(two);
  const before = JSON.stringify(trace.stops);
  for (const [index, body] of two.entries()) trace.apply({ seq: index + 1, at: 0, ...body } as StoredEvent);
  expect(JSON.stringify(trace.stops)).toBe(before);
  expect(trace.lastSeq).toBe(two.length);
});

test('what a run has stopped for goes when it is resumed, and the pause is not its time', () => {
  const trace = fold([...two, { type: 'run-stop', code: 'aborted', message: 'Cancelled.', elapsedMs: 1 }]);
  expect(trace.stopped).toEqual({ code: 'aborted', message: 'Cancelled.' });
  trace.apply({ seq: 99, at: 1_000_000, type: 'run-resume', steps: 2, sections: 2 });
  expect(trace.stopped).toBeUndefined();
  expect(trace.progress().elapsedMs).toBe(12_000);
});

test('a step whose replies were of no use keeps the memory and is marked as failed', () => {
  const notice = {
    type: 'notice',
    code: 'memory-kept',
    message: 'Step update/3',
    data: { step: 'update/3' },
  };
  const trace = fold([
    ...two,
    section(3),
    call('update/3'),
    notice,
    memory('update/3', 3, 'Ada Holm built it. [1]\nIt burned in 1901. [2]', 'kept'),
  ]);
  expect(trace.stops[2]).toMatchObject({ state: 'failed', share: 0 });
});

test('strategies that select have read everything, and hand some sections to the answer', () => {
  const trace = fold([
    start('retrieve'),
    { type: 'source-start', source },
    section(1),
    section(2),
    { type: 'passages-selected', sections: 2, passages: [{ section: 2, score: 1 }] },
    call('answer'),
    reply('answer'),
    { type: 'answer-end', step: 'answer', answer: 'Ada', found: true, usage, elapsedMs: 1 },
  ]);
  expect(trace.stops.map(({ kind, state }) => [kind, state])).toEqual([
    ['section', 'skipped'],
    ['section', 'kept'],
    ['answer', 'changed'],
  ]);
  expect(trace.progress().sections).toBe(2);
});

test('notes that are made side by side begin empty, and merges stand for themselves', () => {
  const trace = fold([
    start('map-reduce'),
    { type: 'source-start', source },
    section(1),
    section(2),
    memory('map/2', 2, 'Second. [2]'),
    memory('map/1', 1, 'First. [1]'),
    { ...memory('merge/0/1', 0, 'First. [1]\nSecond. [2]'), section: undefined },
  ]);
  expect(trace.stops.map(({ kind, before }) => [kind, before])).toEqual([
    ['section', undefined],
    ['section', undefined],
    ['merge', undefined],
  ]);
  expect(trace.facts.search('first')).toHaveLength(1);
});

test('a section that is read again is a further stop, and the first is left as it was', () => {
  const first = two.map((event) => (event.type === 'run-start' ? start('reread') : event));
  // The document ends after its second section.
  const half = fold(first.with(1, { type: 'source-start', source: { ...source, bytes: 200 } }));
  expect(half.progress()).toMatchObject({ sections: 4, remainingMs: expect.closeTo(11_000) as number });
  const trace = fold([
    ...first,
    call('again/1'),
    reply('again/1'),
    memory('again/1', 1, 'Ada Holm built it in 1874. [1]'),
    call('again/2'),
    reply('again/2'),
    memory('again/2', 2, 'Ada Holm built it in 1874. [1]'),
    call('again/2/2'),
    reply('again/2/2'),
    memory('again/2/2', 2, 'Ada Holm built it in 1874. [1]\nIt burned in 1901. [2]'),
    call('answer'),
  ]);
  expect(trace.stops.map(({ kind, section: number, pass, part }) => [kind, number, pass, part])).toEqual([
    ['section', 1, 1, 1],
    ['section', 2, 1, 1],
    ['section', 1, 2, 1],
    ['section', 2, 2, 1],
    ['section', 2, 2, 2],
    ['answer', undefined, 1, 1],
  ]);
  expect(trace.stops.map(nameOfStop)).toEqual([
    'Section 1',
    'Section 2',
    'Section 1, second pass',
    'Section 2, second pass',
    'Section 2, second pass, part 2',
    'Answer',
  ]);
  expect(trace.stops.map(({ before }) => before)).toEqual([undefined, 0, 1, 2, 3, undefined]);
  expect(trace.stops.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1, 1, 1, 1]);
  expect(trace.stopOf(1)?.index).toBe(0);
  expect(trace.memoryBefore(2)).toBe('Ada Holm built it. [1]\nIt burned in 1901. [2]');
  expect(trace.spans).toHaveLength(2);
  expect(trace.done).toBe(4);
  expect(trace.progress()).toMatchObject({ sections: 4, remainingMs: 0 });
});

const found = (step: string, number: number, count: number) => ({
  type: 'records-extracted',
  step,
  section: number,
  outcome: 'extracted',
  records: Array.from({ length: count }, () => ({})),
  dropped: [],
  usage,
  elapsedMs: 5,
});

test('where records are collected, a section has those of all its pieces and counts once', () => {
  const trace = fold([
    ...two.slice(0, 3),
    found('extract/1', 1, 0),
    found('extract/1/1', 1, 2),
    found('extract/1/2', 1, 1),
    section(2),
    found('extract/2', 2, 0),
  ]);
  expect(trace.stops.map((stop) => [stop.records, stop.state, wordsOfState(stop)])).toEqual([
    [3, 'changed', '3 records'],
    [0, 'kept', 'no record'],
  ]);
  expect(trace.done).toBe(2);
});
