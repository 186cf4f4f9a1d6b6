/**
 * The studio on a run of 2,000 sections (10M tokens): frames while the run streams in, the time until a finished run is
 * shown, frames while its steps and its document are gone through, and the memory of the page. The server, the run and
 * the browser (Debian's Chromium, without a GPU) are real; the model is scripted, so that it costs no time of its own.
 * Frames depend on what else the machine does; the processor time of the page's process for each of them does not.
 *
 *   npm run bench:studio [-- <sections>]
 */
import { once } from 'node:events';
import { createScriptedModel, promptMessages } from '@memagent/core/testing';
import { startServer } from '@memagent/server';
import { createWriteStream } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Page } from 'playwright-core';
import { createStudioPages } from '../packages/studio/src/create-studio-pages.ts';
import { preparePage } from '../packages/studio/src/prepare-page.ts';
import { openBrowser } from '../packages/studio/src/testing/open-browser.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const sections = Number(process.argv[2] ?? 2000);
const sectionTokens = 5000;
/** Steps, and turns of the wheel, that are measured. */
const moves = 150;

/** When the frames began that are measured, see `processorTime`. */
let processorBefore = 0;

await using folder = await createTemporaryFolder();
const file = join(folder.path, 'long.txt');
await writeText(file, sections);

interface RunView {
  sections: number;
  result: { tokens: number };
}

/** A memory of some 1,000 tokens of which each step replaces two sentences. */
const model = createScriptedModel((call) => {
  const prompt = promptMessages(call)
    .map(({ content }) => content)
    .join('');
  const number = Number(/<section number="(\d+)">/.exec(prompt)?.[1] ?? 0);
  if (number === 0) return { text: 'The keeper on day 7 was Ada Holm. [7]' };
  const first = Math.max(1, number - 19);
  return {
    text: Array.from({ length: number - first + 1 }, (_, index) => sentencesOf(first + index)).join('\n'),
  };
});

await using server = await startServer({
  home: join(folder.path, 'home'),
  pages: await createStudioPages({ page: await preparePage() }),
  roots: [folder.path],
  models: [{ id: 'memagent/scripted', description: '', reading: { model, tokenizer: 'o200k_base' } }],
});
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
try {
  const response = await fetch(`${server.url}/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      question: 'Who was the keeper on day 7?',
      documents: [{ path: file }],
      settings: { sectionTokens },
    }),
  });
  const { runId } = (await response.json()) as { runId: string };
  const address = `${server.url}/runs/${runId}`;

  console.log(`${sections} sections; load of the machine ${loadavg()[0]?.toFixed(1)}`);
  await page.goto(address);
  await page.locator('.chip.running').first().waitFor();
  await watchFrames(page);
  const startedAt = performance.now();
  await page.locator('.chip.finished').first().waitFor({ timeout: 0 });
  const streamedMs = performance.now() - startedAt;
  console.log(
    `streaming, ${(sections / (streamedMs / 1000)).toFixed(0)} sections/s: ${await readFrames(page)}`,
  );

  const reloadedAt = performance.now();
  await page.goto(address);
  const view = (await (await fetch(`${server.url}/v1/runs/${runId}`)).json()) as RunView;
  // The sections, and the answer.
  await page.locator(`.strip[aria-valuemax="${view.sections + 1}"]`).waitFor({ timeout: 0 });
  console.log(
    `load of ${view.sections} sections, ${view.result.tokens} tokens, until the last step is shown: ${Math.round(performance.now() - reloadedAt)} ms`,
  );
  console.log(`memory of the page: ${await heapOf(page)} MB`);

  await page.keyboard.press('Home');
  await watchFrames(page);
  for (let move = 0; move < moves; move++) await page.keyboard.press('ArrowRight');
  console.log(`${moves} steps with the arrow key: ${await readFrames(page)}`);

  await page.locator('.answer .mark-button').first().click();
  await page.locator('dialog mark').waitFor();
  const box = await page.locator('dialog .document').boundingBox();
  await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
  await watchFrames(page);
  for (let move = 0; move < moves; move++) await page.mouse.wheel(0, 400);
  await page.waitForTimeout(500);
  console.log(`${moves} turns of the wheel through the document: ${await readFrames(page)}`);
  console.log(`memory of the page after that: ${await heapOf(page)} MB`);
} finally {
  await browser.close();
}

function sentencesOf(number: number): string {
  return [1, 2]
    .map(
      (half) =>
        `On day ${number} the keepers counted ${17 * number + half} barrels of oil in the ${half === 1 ? 'eastern' : 'western'} store, and mended ropes. [${number}]`,
    )
    .join('\n');
}

/** Enough paragraphs for so many sections. */
async function writeText(path: string, count: number): Promise<void> {
  const stream = createWriteStream(path);
  // Tokens of a paragraph, on average.
  for (let day = 1; day <= (count * sectionTokens) / 42.7; day++) {
    const text = `On day ${day} the keepers counted ${17 * day} barrels of oil in the eastern store, mended two ropes, and wrote in the book that the wind came from the south. ${day === 7 ? 'The keeper was Ada Holm' : 'Nobody visited them'}.\n\n`;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}

/** Seconds of processor time of the page's process. */
async function processorTime(): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; cpuTime: number }[];
  };
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Of the page, in which `evaluate` runs what it is given. */
declare const requestAnimationFrame: (callback: (now: number) => void) => number;

async function watchFrames(target: Page): Promise<void> {
  processorBefore = await processorTime();
  await target.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const count = (now: number): void => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    Reflect.set(globalThis, 'frames', frames);
  });
}

async function readFrames(target: Page): Promise<string> {
  const frames = await target.evaluate(() => Reflect.get(globalThis, 'frames') as number[]);
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  const processorMs = (1000 * ((await processorTime()) - processorBefore)) / sorted.length;
  return `${sorted.length} frames, ${processorMs.toFixed(1)} ms of processor time each; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

/** Megabytes in use after the garbage was collected. */
async function heapOf(target: Page): Promise<string> {
  const session = await target.context().newCDPSession(target);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
  return (usedSize / 1e6).toFixed(0);
}
