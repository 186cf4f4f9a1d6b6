/**
 * The page in a browser, against the real server and the loopback model server. One browser, one test after the other;
 * where there is no Chromium they are skipped, but not in continuous integration.
 */
import type { Browser, Page } from 'playwright-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkAccess } from '../testing/check-access.ts';
import { hostileText, keepersQuestion, keepersText, smallBudgets } from '../testing/documents.ts';
import { findBrowser, openBrowser, watchFaults } from '../testing/open-browser.ts';
import { startStudio, type TestStudio } from '../testing/start-studio.ts';
import { writeResults } from '../testing/write-results.ts';
import { onePagePdf } from '../testing/one-page-pdf.ts';

const hasBrowser = findBrowser() !== undefined;
if (!hasBrowser)
  console.warn('The tests of the studio are skipped: there is no Chromium (apt-get install chromium).');

/** Longest that one step on the page may take, on a machine that does much else. */
const patience = 60_000;

describe.skipIf(!hasBrowser && process.env['CI'] === undefined)(
  'the studio in a browser',
  { timeout: 300_000 },
  () => {
    let studio: TestStudio;
    let browser: Browser;
    let page: Page;
    let faults: string[];
    let results: string;
    /** The model answers no request from this one on. */
    let hangsFrom = Infinity;
    /** This request fails. */
    let failsAt: number | undefined;

    beforeAll(async () => {
      results = await mkdtemp(join(tmpdir(), 'memagent-results-'));
      await writeResults(results);
      studio = await startStudio({
        evaluations: [results],
        trainings: [results],
        loopback: {
          faults: (number) =>
            number >= hangsFrom ? 'hang' : number === failsAt ? 'server-error' : undefined,
        },
      });
      browser = await openBrowser();
    }, 300_000);
    afterAll(async () => {
      await browser?.close();
      await studio?.[Symbol.asyncDispose]();
      await rm(results, { recursive: true, force: true });
    });
    beforeEach(async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      page = await context.newPage();
      page.setDefaultTimeout(patience);
      faults = watchFaults(page, studio.url);
    });
    afterEach(async () => {
      hangsFrom = Infinity;
      failsAt = undefined;
      await page.context().close();
      if (faults.length > 0) throw new Error(`The page did what it must not:\n${faults.join('\n')}`);
    });

    async function begin(
      settings: object = {},
      documents: object[] = [{ text: keepersText(12), name: 'keepers.txt' }],
    ) {
      const response = await fetch(`${studio.url}/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          question: keepersQuestion,
          documents,
          settings: { ...smallBudgets, ...settings },
        }),
      });
      return ((await response.json()) as { runId: string }).runId;
    }

    const untilFinished = (): Promise<void> => page.locator('.chip.finished').first().waitFor();

    async function finishedRun(settings?: object, documents?: object[]): Promise<string> {
      const runId = await begin(settings, documents);
      await page.goto(`${studio.url}/runs/${runId}`);
      await untilFinished();
      return runId;
    }

    test('a question is asked of a file, watched to its answer, and the answer opens the document at its span', async () => {
      await page.goto(studio.url);
      await page.setInputFiles('input[type=file]', {
        name: 'keepers.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from(keepersText(40)),
      });
      await page.getByRole('list', { name: 'Documents to read' }).getByText('keepers.txt').waitFor();
      await page.fill('#question', keepersQuestion);
      await page.getByText('Budgets, limits and sampling').click();
      await page.fill('#setting-sectionTokens', '5');
      await page.getByRole('button', { name: 'Start reading' }).click();
      await page.getByRole('alert').getByText('the least is 16').waitFor();
      for (const [name, value] of Object.entries(smallBudgets))
        await page.fill(`#setting-${name}`, String(value));
      await page.getByText('Calls, at most').waitFor();
      expect(await checkAccess(page)).toEqual([]);

      await page.getByRole('button', { name: 'Start reading' }).click();
      await page.waitForURL(/\/runs\//);
      await untilFinished();
      await page.getByText('Ada Holm').first().waitFor();

      await page.locator('.answer .mark-button').first().click();
      const marked = page.locator('dialog mark');
      await marked.waitFor();
      expect(await marked.textContent()).toBe(
        'The lighthouse at Cape Brenn was built by Ada Holm in the year 1874.',
      );
      const isInSight = (): Promise<boolean> =>
        marked.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= window.innerHeight;
        });
      await expect.poll(isInSight, { timeout: patience }).toBe(true);
      expect(await checkAccess(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await marked.waitFor({ state: 'detached' });
    });

    test('the arrow keys step through a run, each step shows what was sent and received, and facts have a history', async () => {
      const runId = await finishedRun();
      const title = page.locator('#step-title');
      await page.keyboard.press('Home');
      await page.locator('#step-title:has-text("Section 1 ")').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.locator('#step-title:has-text("Section 2 ")').waitFor();
      expect(page.url()).toBe(`${studio.url}/runs/${runId}?step=2`);
      await page.getByRole('tab', { name: 'Sent and received' }).click();
      const sent = page.getByRole('region', { name: 'Sent, as user' });
      await sent.waitFor();
      const received = studio.model.requests.map(({ messages }) =>
        messages.map(({ content }) => content).join(''),
      );
      expect(received).toContain(await sent.textContent());
      await page.getByRole('region', { name: 'Received' }).waitFor();
      expect(await checkAccess(page)).toEqual([]);

      await page.reload();
      await page.locator('#step-title:has-text("Section 2 ")').waitFor();
      await page.fill('#facts', 'ada holm');
      const fact = page
        .getByRole('list', { name: 'Facts found' })
        .getByRole('button', { name: /^In at Section/ });
      const came = (await fact.first().textContent())?.replace('In at ', '');
      await fact.first().click();
      await page.locator(`#step-title:has-text("${came} ")`).waitFor();
      expect(await title.textContent()).toContain('memory changed');
    });

    test('a section that was asked again shows each attempt, and says what the trace does not hold', async () => {
      failsAt = studio.model.requests.length + 2;
      const runId = await finishedRun();
      await page.goto(`${studio.url}/runs/${runId}?step=2`);
      await page.getByRole('tab', { name: 'Sent and received' }).click();
      const first = page.getByRole('region', { name: 'Attempt 1' });
      const second = page.getByRole('region', { name: 'Attempt 2' });
      await first.getByRole('region', { name: 'Sent, as user' }).waitFor();
      await first.getByText('Of no use: HTTP 500').waitFor();
      await first.getByText('The trace has no reply to this attempt, only why it failed.').waitFor();
      await second.getByText('Sent: the same again, word for word.').waitFor();
      await second.getByRole('region', { name: 'Received' }).waitFor();
      expect(await checkAccess(page)).toEqual([]);
    });

    test('a second pass follows the first, step by step', async () => {
      const before = studio.model.requests.length;
      await finishedRun({ strategy: 'reread' });
      const sections = (studio.model.requests.length - before - 1) / 2;
      await page.getByText('in two passes').waitFor();
      await page.keyboard.press('Home');
      await page.locator('#step-title:has-text("Section 1 ")').waitFor();
      await page.keyboard.press('End');
      await page.locator('#step-title:has-text("Answer")').waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.locator(`#step-title:has-text("Section ${sections}, second pass")`).waitFor();
      await page.getByRole('tab', { name: 'Sent and received' }).click();
      await page.getByRole('region', { name: 'Sent, as user' }).getByText('Ada Holm').waitFor();
      expect(await checkAccess(page)).toEqual([]);
    });

    test('a run is paused and resumed, goes on after the server was started again, and the page keeps up', async () => {
      hangsFrom = studio.model.requests.length + 4;
      const runId = await begin();
      await page.goto(`${studio.url}/runs/${runId}`);
      await page.locator('.chip.running').first().waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.locator('.chip.stopped').first().waitFor();
      await page.getByText('The run was paused. All that was read is kept.').waitFor();

      hangsFrom = studio.model.requests.length + 3;
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.locator('.chip.running').first().waitFor();
      await expect
        .poll(() => studio.model.requests.length, { timeout: patience })
        .toBeGreaterThanOrEqual(hangsFrom);
      // The next process takes the run up, and the page goes on behind the last event that it had.
      hangsFrom = Infinity;
      await studio.restart();
      await untilFinished();
      await page.getByText('Ada Holm').first().waitFor();
      await page.reload();
      await untilFinished();
      expect(await page.locator('.answer').textContent()).toContain('Ada Holm');
    });

    test('a run is cancelled by keyboard after a question, and cannot be resumed; what it has read is kept', async () => {
      hangsFrom = studio.model.requests.length + 4;
      const runId = await begin();
      await page.goto(`${studio.url}/runs/${runId}`);
      const memory = page.getByRole('list', { name: 'Memory after this step' });
      await memory.getByText('Ada Holm').waitFor();
      const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
      const dialog = page.getByRole('dialog', { name: 'Cancel this run?' });
      await cancel.press('Enter');
      await dialog.waitFor();
      expect(await checkAccess(page)).toEqual([]);
      // The way back has the focus: neither Enter nor Escape cancels anything.
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'hidden' });
      await cancel.press('Enter');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.locator('.chip.running').first().isVisible()).toBe(true);

      await cancel.press('Enter');
      await dialog.waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('.chip.cancelled').first().waitFor();
      await page.getByText('Cancelled after 3 sections. It cannot be resumed.').waitFor();
      expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
      await memory.getByText('Ada Holm').waitFor();
      await page.reload();
      await page.getByText('Cancelled after 3 sections. It cannot be resumed.').waitFor();
      expect(await checkAccess(page)).toEqual([]);
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('button', { name: 'Delete the run' }).click();
      await page.waitForURL(/\/runs$/);
    });

    test('a hostile document stays text, on every tab and in the document', async () => {
      await finishedRun({ sectionTokens: 400 }, [
        { text: hostileText(), name: '<img src=x onerror=alert(1)>.txt' },
      ]);
      for (const tab of ['Memory', 'Sent and received', 'Section']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('tabpanel').getByText('Ada Holm').first().waitFor();
      }
      const marks = page.locator('.mark-button');
      if ((await marks.count()) > 0) await marks.first().click();
      await page.setViewportSize({ width: 360, height: 740 });
      const state = await page.evaluate(() => ({
        hacked: Reflect.get(window, 'hacked') as unknown,
        markup: document.querySelectorAll(
          'main script, main iframe, main style, main img, main svg, dialog img',
        ).length,
        wider: document.documentElement.scrollWidth - window.innerWidth,
      }));
      expect(state).toMatchObject({ hacked: undefined, markup: 0 });
      expect(state.wider).toBeLessThanOrEqual(0);
    });

    test('a citation of a PDF opens its page, with the quoted words marked', async () => {
      const form = new FormData();
      form.append('question', keepersQuestion);
      form.append(
        'file',
        new File([onePagePdf('The lighthouse at Cape Brenn was built by Ada Holm in 1874.')], 'a.pdf'),
      );
      const response = await fetch(`${studio.url}/v1/runs`, { method: 'POST', body: form });
      const { runId } = (await response.json()) as { runId: string };
      await page.goto(`${studio.url}/runs/${runId}`);
      await untilFinished();
      await page.locator('.answer .mark-button').first().click();
      await page.locator('.pdf-page .box').first().waitFor();
      expect(await page.locator('.pdf-page canvas').isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Show the text' }).click();
      await page.locator('dialog mark').waitFor();
    });

    test('several questions are a batch, and two runs are compared step by step', async () => {
      await page.goto(studio.url);
      await page.getByText('Paste text').click();
      await page.fill('#pasted', keepersText(6));
      await page.getByRole('button', { name: 'Add this text' }).click();
      await page.getByText('Several questions').click();
      await page.fill('#question', `${keepersQuestion}\n\nHow many ropes were mended?`);
      await page.getByRole('button', { name: 'Start 2 runs' }).click();
      await page.waitForURL(/\/batches\//);
      await page.getByText('2 of 2 runs finished').waitFor();
      expect(await checkAccess(page)).toEqual([]);
      await page.getByRole('link', { name: 'Batches' }).click();
      await page.getByRole('table').waitFor();
      expect(await checkAccess(page)).toEqual([]);
      const runId = await begin();
      await fetch(`${studio.url}/v1/runs/${runId}/events`).then((response) => response.text());
      const { result } = (await (await fetch(`${studio.url}/v1/runs/${runId}`)).json()) as { result: object };
      const failed = { id: 'q2', status: 'failed', line: 2, error: { message: 'It was asked 7 times.' } };
      const lines = [{ id: 'q1', status: 'answered', ...result }, failed];
      await page.setInputFiles('#batch-file', {
        name: 'results.jsonl',
        mimeType: 'application/jsonl',
        buffer: Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"id":`),
      });
      await page
        .getByText('2 results: 1 answered, 0 not found, 1 failed. 1 line could not be read.')
        .waitFor();
      expect(await checkAccess(page)).toEqual([]);
      await page.getByRole('link', { name: 'q1' }).click();
      await page.waitForURL(`${studio.url}/runs/${runId}`);
      await untilFinished();

      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.fill('#search-runs', 'lighthouse ropes');
      await page.getByText('No run matches.').waitFor();
      await page.fill('#search-runs', '');
      const boxes = page.getByRole('checkbox', { name: /^Pick for a comparison/ });
      await boxes.nth(1).waitFor();
      expect(await checkAccess(page)).toEqual([]);
      await boxes.nth(0).check();
      await boxes.nth(1).check();
      await page.getByRole('button', { name: 'Compare the two picked' }).click();
      await page.getByRole('list', { name: 'Memory of the second run' }).waitFor();
      await page.keyboard.press('End');
      await page.locator('.answer').nth(1).waitFor();
      expect(await checkAccess(page)).toEqual([]);
    });

    test('evaluations and training runs are shown, and every page has no serious fault in the dark and on a phone', async () => {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(`${studio.url}/evaluations`);
      await page.getByRole('link', { name: 'an evaluation' }).click();
      await page.getByText('What is the key?').first().waitFor();
      expect(await checkAccess(page)).toEqual([]);
      await page.goto(`${studio.url}/trainings`);
      await page.getByRole('link', { name: 'a training' }).click();
      await page.getByText('Group 0, rollout 1').waitFor();
      expect(await checkAccess(page)).toEqual([]);
      const runId = await begin();
      for (const path of [
        '/',
        '/runs',
        `/runs/${runId}`,
        '/compare',
        '/batches',
        '/evaluations',
        '/trainings',
        '/runs/no-such-run',
      ]) {
        await page.goto(studio.url + path);
        await page.locator('h1').waitFor();
        expect([path, ...(await checkAccess(page))]).toEqual([path]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect([path, Math.max(0, wider)]).toEqual([path, 0]);
      }
    });

    test('the page is served under a policy that allows nothing inline and nobody else', async () => {
      const response = await fetch(studio.url);
      expect(response.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; (?!.*unsafe)(?!.*https?:)/,
      );
      for (const path of [
        '/assets/../../package.json',
        '/assets/%2e%2e/%2e%2e/package.json',
        '/index.html.map',
      ]) {
        expect([path, (await fetch(studio.url + path)).status]).toEqual([path, 404]);
      }
    });
  },
);
