import { messageOf } from '@memagent/core';
import { preparePage } from '@memagent/studio';
import open from 'open';
import type { StudioFlags } from '../serve-program.ts';
import type { Shell } from '../shell.ts';
import { serveWith } from './serve.ts';

/** `memagent studio`: serves the page and opens it, until it is interrupted. Returns the exit code. */
export async function studio(flags: StudioFlags, shell: Shell): Promise<number> {
  const page = await preparePage();
  return serveWith(page, flags, shell, async (url) => {
    if (!flags.open) return;
    try {
      const browser = await open(url);
      // There may be no browser to open: the address was printed, and can be opened by hand.
      browser.on('error', () => {});
    } catch (error) {
      shell.say(`The browser cannot be opened (${messageOf(error)}). Open ${url} yourself.`);
    }
  });
}
