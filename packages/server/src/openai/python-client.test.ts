/** The official Python client. Skipped where `python3` (or `OPENAI_PYTHON`) has no package `openai`. */
import { startLoopbackServer } from '@memagent/core/testing';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../server/start-server.ts';
import { loopbackModel } from '../test-server.ts';

const python = process.env['OPENAI_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../scripts/openai-client.py', import.meta.url));

function hasClient(): boolean {
  try {
    execFileSync(python, ['-c', 'import openai'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasClient())(
  'the official Python client reads a million tokens, in a stream, as a response, and from a file',
  async () => {
    const upstream = await startLoopbackServer({ window: 70_000 });
    const home = await mkdtemp(join(tmpdir(), 'memagent-python-'));
    const model = loopbackModel(upstream.baseUrl, { window: 70_000, sectionTokens: 64_000 });
    const server = await startServer({ home, models: [model] });
    onTestFinished(async () => {
      await server.close();
      await upstream.close();
      await rm(home, { recursive: true });
    });
    const { stdout } = await promisify(execFile)(python, [script, `${server.url}/v1`, 'memagent/loopback']);
    const said = JSON.parse(stdout) as Record<string, unknown>;
    expect(said).toMatchObject({
      streamed: expect.stringContaining('Aino Virtanen'),
      response: expect.stringContaining('Aino Virtanen'),
      by_file: expect.stringContaining('Aino Virtanen'),
      rule: 'marked-part',
      error: { status: 404, code: 'model_not_found' },
    });
    expect(said['prompt_tokens']).toBeGreaterThan(1_000_000);
    // The stream that was left has stopped.
    const url = `${server.url}/v1/runs?status=stopped`;
    await expect
      .poll(async () => (await (await fetch(url)).json()) as unknown, { timeout: 20_000 })
      .toMatchObject({ data: [{ origin: 'chat' }] });
  },
  300_000,
);
