/** `memagent studio` as a person starts it: a process of its own, with and without a browser to open. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCli, createFolder } from '../call-cli.ts';
import { sampleQuestion, sampleText } from '../sample-document.ts';
import { type ServingProcess, startServing } from '../start-serving.ts';

/** The page is built first where it is older than its sources. */
const patience = { timeout: 240_000 };

const pageTitle = '<title>memagent studio</title>';

/** In a home of its own, with the reader that asks no model. */
function startStudio(browser: string, ...flags: string[]): Promise<ServingProcess> {
  return startServing(['studio', '--port', '0', '--reader', 'extractive', ...flags], {
    MEMAGENT_HOME: createFolder(),
    // Without a desktop, Linux opens pages with the program that is named here.
    BROWSER: browser,
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    XDG_CURRENT_DESKTOP: '',
    DESKTOP_SESSION: '',
  });
}

/** A program that writes the addresses that it is to open into a file. */
function createBrowser(): { path: string; opened: () => string } {
  const folder = createFolder();
  const path = join(folder, 'browser');
  const list = join(folder, 'opened');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${list}'\n`);
  chmodSync(path, 0o755);
  return { path, opened: () => (existsSync(list) ? readFileSync(list, 'utf8') : '') };
}

test(
  'it prints its address, serves the page and the runs there, opens no browser when told so, and ends on Ctrl+C',
  patience,
  async () => {
    const browser = createBrowser();
    const studio = await startStudio(browser.path, '--no-open');
    expect(studio.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const page = await fetch(studio.url);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain(pageTitle);
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([path, (await fetch(new URL(path ?? '', studio.url))).status]).toEqual([path, 200]);
    }

    const response = await fetch(`${studio.url}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: sampleQuestion, documents: [{ text: sampleText(4) }] }),
    });
    const { runId } = (await response.json()) as { runId: string };
    expect(await (await fetch(`${studio.url}/v1/runs/${runId}/events`)).text()).toContain('Ada Holm');
    expect(await (await fetch(`${studio.url}/runs/${runId}`)).text()).toBe(html);

    expect(await studio.kill('SIGINT')).toBe(0);
    expect(studio.said()).toContain(`The studio, a page for people, is at ${studio.url}`);
    expect(studio.said()).not.toMatch(/error|closed/i);
    expect(browser.opened()).toBe('');
    await expect(fetch(studio.url)).rejects.toThrow('fetch failed');
  },
);

// Elsewhere the system's own program opens pages, which would open a real browser.
test.runIf(process.platform === 'linux')(
  'it opens its own page in the browser, and nothing else',
  patience,
  async () => {
    const browser = createBrowser();
    const studio = await startStudio(browser.path);
    await expect.poll(browser.opened, { timeout: 60_000 }).toBe(`${studio.url}\n`);
    expect(await studio.kill('SIGINT')).toBe(0);
    expect(browser.opened()).toBe(`${studio.url}\n`);
  },
);

test.runIf(process.platform === 'linux')(
  'it serves where there is no browser to open',
  patience,
  async () => {
    const studio = await startStudio('/no/such/browser');
    expect(await (await fetch(studio.url)).text()).toContain(pageTitle);
    expect(await studio.kill('SIGTERM')).toBe(0);
  },
);

test('a port that is taken is told, and nothing is opened', patience, async () => {
  const studio = await startStudio('/no/such/browser', '--no-open');
  const { port } = new URL(studio.url);
  const { code, stdout, stderr } = await createCli()(['studio', '--reader', 'extractive', '--port', port]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`port ${port}`);
  expect(await studio.kill('SIGINT')).toBe(0);
});
