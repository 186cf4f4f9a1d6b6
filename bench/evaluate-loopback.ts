/**
 * `memagent eval` through a real server: starts the loopback server in a process of its own, and hands all
 * arguments to the command with the server as its model.
 *
 *   npm run bench:evaluate -- --preset ruler --lengths 8k --items 1 --out results/loopback
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startLoopbackProcess } from './start-loopback.ts';

const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
await using server = await startLoopbackProcess({ window: 8192 });
const model = ['--base-url', server.baseUrl, '--model', 'loopback', '--tokenizer', 'o200k_base'];
const child = spawn(process.execPath, [bin, 'eval', ...process.argv.slice(2), ...model], {
  stdio: 'inherit',
});
const [code] = (await once(child, 'exit')) as [number];
const { stats, longestRequest } = await server.report();
console.log(
  `server: ${stats.requests} requests, longest ${longestRequest} tokens, ${stats.overWindow} over the window`,
);
process.exitCode = code;
