import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import { expect, it } from 'vitest';
import { createFixtureServer } from './testing/fixture-server.ts';

it('examples/train.ts', async () => {
  const fixture = createFixtureServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = serve({ fetch: fixture.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve());
  await promise;
  const { port } = server.address() as AddressInfo;
  const file = new URL('../examples/train.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@memagent/source',
    file,
    `http://127.0.0.1:${port}`,
    'tiny',
  ]);
  await new Promise((closed) => server.close(closed));
  // By hand: 1.6 for token 6 and 1 for token 7; the fixture's weights change with each step.
  expect(stdout).toMatch(
    /^loss 2\.6\nhonoured - asked for ratios from 0\.8 to 1\.28, the server used 0\.800 to 1\.280\nsaved tinker:\/\/m0\/weights\/example\n$/,
  );
  expect(fixture.done).toEqual(
    [
      'forward_backward',
      'optim_step',
      'forward',
      'forward',
      'forward',
      'save_weights_for_sampler',
      'forward_backward',
      'optim_step',
      'save_weights',
    ].map((name, index) => `${name} ${index + 1}`),
  );
});
