/**
 * Another process for `faults.processes.test.ts`: `node faults.child.ts <out> <url> <operation> <number>` trains against
 * the server, resuming the run, and kills itself as the request of that operation and number goes out.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFaultTraining } from '../testing/fault-run.ts';

const [out = '', baseUrl = '', operation = '', number = '0'] = process.argv.slice(2);
let count = 0;
const killing: typeof fetch = (input, init) => {
  if (String(input).endsWith(`/${operation}`)) count += 1;
  if (count > 0 && count === Number(number)) process.kill(process.pid, 'SIGKILL');
  return fetch(input, init);
};
const resume = await readFile(join(out, 'training.json')).then(
  () => true,
  () => false,
);
for await (const event of runFaultTraining({
  out,
  resume,
  connection: { baseUrl, apiKey: 'tml-x', fetch: killing },
})) {
  if (event.type === 'training-end') console.log('done');
}
