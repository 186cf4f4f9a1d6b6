import type { RunEvent } from '@memagent/core';
import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { describeChange } from './memory-change.ts';
import { createNoticeText } from './notice-text.ts';
import { createProgress } from './progress.ts';
import { progressLine, progressWords } from './progress-line.ts';

const usage = {
  promptTokens: 500,
  completionTokens: 50,
  cachedTokens: 0,
  reasoningTokens: 0,
  calls: 1,
  retries: 0,
  cost: 0.01,
};
const plain = createColors(false);

/** Events of a run that reads sections of 100 tokens and 400 bytes, one each second. */
function eventsOf({
  strategy = 'memory',
  sections = 3,
  mediaType = 'text/plain',
  encoding = 'utf-8',
}): RunEvent[] {
  const settings = { strategy } as Extract<RunEvent, { type: 'run-start' }>['settings'];
  const source = { index: 0, name: 'a', mediaType, textFile: 'a', ...(encoding === '' ? {} : { encoding }) };
  const events: RunEvent[] = [
    { at: 0, type: 'run-start', runId: 'r', version: 1, settings, window: {} as never, concurrency: 4 },
    { at: 0, type: 'source-start', source },
  ];
  for (let section = 1; section <= sections; section += 1) {
    const at = section * 1000;
    const span = {
      source: 0,
      start: 0,
      end: 400,
      byteStart: (section - 1) * 400,
      byteEnd: section * 400,
      textStart: 0,
    };
    events.push({ at: at - 900, type: 'section-start', section, tokens: 100, spans: [span], hash: '' });
    if (strategy === 'memory' || strategy === 'reread') events.push(...stepEvents(`update/${section}`, at));
  }
  return events;
}

/** A step that takes 0.8 seconds, with its call. */
function stepEvents(step: string, at: number): RunEvent[] {
  const section = Number(step.split('/')[1]);
  return [
    { at: at - 800, type: 'call-start', step, attempt: 1, promptTokens: 500, maxOutputTokens: 50 },
    { at, type: 'call-end', step, attempt: 1, usage, elapsedMs: 800, finishReason: 'stop', reply: '' },
    {
      at,
      type: 'memory-updated',
      step,
      section,
      outcome: 'updated',
      memory: `Fact ${section}.`,
      memoryTokens: 5,
      usage,
      elapsedMs: 800,
    },
  ];
}

function progressOf(events: readonly RunEvent[], bytes?: number) {
  const progress = createProgress(bytes);
  for (const event of events) progress.apply(event);
  return progress;
}

test('the sections of a text are estimated from its size, and then the time that is left', () => {
  const state = progressOf(eventsOf({}), 4000).at(3000);
  expect(state).toMatchObject({
    sections: 3,
    sectionsInAll: 10,
    isEstimate: true,
    tokens: 300,
    tokensPerSecond: 100,
    remainingMs: 7000,
  });
  expect(state.usage).toMatchObject({ calls: 3, cost: 0.03 });
  expect(state.latest).toBe('+ Fact 3.');
});

test('the bytes of a PDF say nothing about its sections', () => {
  const state = progressOf(eventsOf({ mediaType: 'application/pdf', encoding: '' }), 4000).at(3000);
  expect(state).toMatchObject({ sections: 3, sectionsInAll: undefined, remainingMs: undefined });
});

test('once the answer is asked for, the end is known', () => {
  const ask: RunEvent = {
    at: 3100,
    type: 'call-start',
    step: 'answer',
    attempt: 1,
    promptTokens: 9,
    maxOutputTokens: 9,
  };
  expect(progressOf([...eventsOf({}), ask]).at(3100)).toMatchObject({
    sections: 3,
    sectionsInAll: 3,
    isEstimate: false,
  });
});

test('a strategy that reads before it asks is as far as it has read', () => {
  expect(progressOf(eventsOf({ strategy: 'retrieve' }), 4000).at(3000)).toMatchObject({
    sections: 3,
    tokens: 300,
  });
});

test('of two passes each is half of the way', () => {
  const first = eventsOf({ strategy: 'reread', sections: 4 });
  expect(progressOf(first.slice(0, -4), 1600).at(3000)).toMatchObject({
    sections: 3,
    sectionsInAll: 4,
    pass: 1,
    passes: 2,
    remainingMs: 5000,
  });
  const second = ['again/1', 'again/2', 'again/2/2'].flatMap((step, index) =>
    stepEvents(step, 5000 + 1000 * index),
  );
  const state = progressOf([...first, ...second], 1600).at(8000);
  expect(state).toMatchObject({
    sections: 2,
    sectionsInAll: 4,
    isEstimate: false,
    pass: 2,
    passes: 2,
    tokens: 600,
    tokensPerSecond: 75,
    remainingMs: expect.closeTo(2667, 0),
  });
  expect(progressLine(state, 90, plain)).toMatch(/^█+░+ 75% 2\/4 sections, pass 2 of 2 · ETA 2\.7 s/);
});

test('after a resumption the speed is that of the new session', () => {
  const events = eventsOf({});
  const more = eventsOf({ sections: 4 })
    .slice(-4)
    .map((event): RunEvent => Object.assign(event, { at: event.at + 96_000 }));
  const resume: RunEvent = { at: 99_000, type: 'run-resume', steps: 3, sections: 3 };
  expect(progressOf([...events, resume, ...more], 4000).at(101_000)).toMatchObject({
    sections: 4,
    tokensPerSecond: 50,
  });
});

test('a retry says why and for how long', () => {
  const retry: RunEvent = {
    at: 1,
    type: 'call-retry',
    step: 'update/1',
    attempt: 1,
    reason: 'HTTP 503',
    delayMs: 1500,
  };
  const state = progressOf([retry]).at(1);
  expect(state.latest).toBe('! HTTP 503; asked again in 2 s');
  expect(state.usage.retries).toBe(1);
});

test('a wide line has everything, a narrow one what matters most, and none is too long', () => {
  const state = progressOf(eventsOf({}), 4000).at(3000);
  const line = (width: number) => progressLine(state, width, plain);
  expect(line(110)).toBe(
    `${'█'.repeat(9)}${'░'.repeat(21)} 30% 3/~10 sections · ETA 7.0 s · cost 0.030 · 300 tokens · 100 tokens/s`,
  );
  expect(line(60)).toMatch(/^█+░+ 30% 3\/~10 sections · ETA 7\.0 s/);
  expect(line(20)).toBe('3/~10 sections');
  for (let width = 1; width <= 130; width += 1) {
    expect(
      stripVTControlCharacters(progressLine(state, width, createColors(true))).length,
    ).toBeLessThanOrEqual(width);
  }
});

test('words without an estimate', () => {
  expect(progressWords(progressOf(eventsOf({ sections: 1 })).at(0))).toEqual([
    '1 section',
    'cost 0.010',
    '100 tokens',
  ]);
});

test.each([
  ['', 'A. [1]\nB. [1]', '+ A. [1] B. [1]'],
  ['A. [1]\nB. [1]', 'A. [1]\nC. [2]', '+ C. [2]'],
  ['A was here. [1] B was not. [1]', 'A was here. [1] C came. [2]', '+ C came. [2]'],
  ['A.\nB.', 'A.', '- 1 of 2 statements'],
  ['A.', 'A.', '= nothing new'],
  ['', 'A\u001B[2J.', '+ A.'],
])('from %j to %j: %s', (before, after, change) => {
  expect(describeChange(before, after)).toBe(change);
});

test('of many notices of one kind the first three are shown', () => {
  const text = createNoticeText(plain);
  const notice: RunEvent = { at: 0, type: 'notice', code: 'memory-cut', message: 'cut' };
  expect([1, 2, 3, 4].map(() => text(notice))).toEqual([
    'Note: cut',
    'Note: cut',
    'Note: cut (More of this kind: memagent show.)',
    undefined,
  ]);
  expect(text({ ...notice, code: 'prompt-cut' })).toBe('Warning: cut');
});
