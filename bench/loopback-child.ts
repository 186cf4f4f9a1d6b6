/** The loopback server as a process of its own, see `start-loopback.ts`: `node loopback-child.ts <options as JSON>`. */
import { startLoopbackServer } from '@memagent/core/testing';
import { longestRequest } from '../packages/core/src/run/fault-run.ts';

const server = await startLoopbackServer(JSON.parse(process.argv[2] ?? '{}'));
process.send?.(server.baseUrl);
process.on('message', () => {
  process.send?.({ stats: server.stats, longestRequest: longestRequest(server.requests) });
});
process.on('disconnect', () => void server.close());
