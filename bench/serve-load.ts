/**
 * The server under load: so many clients at once, each asking one question after the other about a document of its
 * own, for so long; every answer is checked. Then the server is killed (`kill -9`) with all clients waiting, started
 * anew, and every run is resumed and checked. Last, one document of millions of tokens is sent.
 *
 *   npm run bench:serve-load [-- --clients 200 --seconds 60 --tokens 5000000]
 *
 * Clients, server and model are processes of their own. The model is the loopback server, which answers at once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLoopbackProcess } from './start-loopback.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    tokens: { type: 'string', default: '5000000' },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);

interface Server {
  url: string;
  child: ChildProcess;
}

/** `memagent serve` in a process of its own. */
async function startServer(home: string, modelUrl: string): Promise<Server> {
  const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
  const budgets = [
    '--window',
    '2000',
    '--section-tokens',
    '700',
    '--memory-tokens',
    '128',
    '--output-tokens',
    '128',
  ];
  const model = ['-m', 'loopback', '-b', modelUrl, '--tokenizer', 'o200k_base'];
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', ...model, ...budgets], {
    env: { ...process.env, MEMAGENT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.once('exit', (code, signal) => console.log(`The server ended: ${signal ?? `exit code ${code}`}.`));
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, child };
}

/** Time that a process has used the processor, in milliseconds. */
async function cpuOf({ child }: Server): Promise<number> {
  const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10; // USER_HZ is 100 wherever Node runs.
}

/** Resident memory of a process in MB, and the most there ever was. */
async function memoryOf({ child }: Server): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1000;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** A document whose one sentence about a vault answers the question about it, and its code. */
function createQuestion(id: number): { document: string; question: string; code: string } {
  const code = String(((id * 7919 + 104_729) % 900_000) + 100_000);
  const lines = Array.from(
    { length: 110 },
    (_, line) =>
      `On day ${line} of the watch the keepers counted ${id % 97} ships in the bay and mended two ropes.`,
  );
  lines.splice(id % lines.length, 0, `The code of the vault number ${id} is ${code}.`);
  return { document: lines.join('\n\n'), question: `What is the code of the vault number ${id}?`, code };
}

interface Reply {
  choices?: { message?: { content?: string }; delta?: { content?: string } }[];
}

/** Asks one question, every other time as a stream. Throws what keeps the answer from coming. */
async function ask(url: string, id: number): Promise<boolean> {
  const { document, question, code } = createQuestion(id);
  const isStream = id % 2 === 0;
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'memagent/loopback',
      stream: isStream,
      messages: [
        { role: 'user', content: document },
        { role: 'user', content: question },
      ],
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${text}`);
  if (!isStream) return (JSON.parse(text) as Reply).choices?.[0]?.message?.content?.includes(code) ?? false;
  if (!text.endsWith('data: [DONE]\n\n')) throw new Error(`The stream ended too early: ${text.slice(-200)}`);
  const deltas = [...text.matchAll(/^data: (\{.*)$/gm)].map(
    ([, json = '{}']) => (JSON.parse(json) as Reply).choices?.[0]?.delta?.content ?? '',
  );
  return deltas.join('').includes(code);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

await using home = await createTemporaryFolder();
await using model = await startLoopbackProcess({ window: 2000 });
let server = await startServer(home.path, model.baseUrl);

// 1. Load.
let nextId = 1;
let right = 0;
let wrong = 0;
const lost: string[] = [];
const latencies: number[] = [];
const memory: number[] = [];
const cpuBefore = await cpuOf(server);
const end = performance.now() + seconds * 1000;
const sampling = setInterval(async () => memory.push((await memoryOf(server)).now), 1000);
await Promise.all(
  Array.from({ length: clients }, async () => {
    while (performance.now() < end) {
      const id = nextId++;
      const startedAt = performance.now();
      try {
        if (await ask(server.url, id)) right += 1;
        else wrong += 1;
        latencies.push(performance.now() - startedAt);
      } catch (error) {
        lost.push(String(error));
      }
    }
  }),
);
clearInterval(sampling);
latencies.sort((a, b) => a - b);
const quarter = Math.ceil(memory.length / 4);
const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
const { stats, longestRequest } = await model.report();
console.log(`Node ${process.version}, ${clients} clients for ${seconds} s`);
console.table({
  answers: right + wrong + lost.length,
  right,
  wrong,
  lost: lost.length,
  'answers/s': Number((latencies.length / seconds).toFixed(1)),
  'calls/s': Number((stats.requests / seconds).toFixed(0)),
  'CPU of the server (ms/call)': Number((((await cpuOf(server)) - cpuBefore) / stats.requests).toFixed(1)),
  'p50 (ms)': Math.round(quantile(latencies, 0.5)),
  'p99 (ms)': Math.round(quantile(latencies, 0.99)),
  'memory, 2nd quarter (MB)': Math.round(mean(memory.slice(quarter, 2 * quarter))),
  'memory, last quarter (MB)': Math.round(mean(memory.slice(-quarter))),
  'most tokens of a request': longestRequest,
  'over the window': stats.overWindow,
});
for (const reason of new Set(lost)) console.log(reason);

// 2. kill -9 with every client waiting.
const firstOfKilled = nextId;
const waiting = Array.from({ length: clients }, () => ask(server.url, nextId++).catch(() => undefined));
// As many calls as there are clients: nearly all runs have begun, and few have ended.
while ((await model.report()).stats.requests < stats.requests + clients) await delay(50);
server.child.kill('SIGKILL');
const answered = (await Promise.all(waiting)).filter((isRight) => isRight !== undefined).length;
server = await startServer(home.path, model.baseUrl);
interface Run {
  runId: string;
  question: string;
  status: string;
  result: { answer: string } | null;
}
const call = async <Result>(path: string, method = 'GET'): Promise<Result> =>
  (await (await fetch(`${server.url}${path}`, { method })).json()) as Result;
const stopped: Run[] = [];
for (let after = ''; ;) {
  const page = await call<{ data: Run[]; next: string | null }>(`/v1/runs?status=stopped&limit=200${after}`);
  stopped.push(...page.data);
  if (page.next === null) break;
  after = `&after=${page.next}`;
}
let resumed = 0;
for (const { runId, question } of stopped) {
  await call(`/v1/runs/${runId}/resume`, 'POST');
  await (await fetch(`${server.url}/v1/runs/${runId}/events`)).text();
  const { status, result } = await call<Run>(`/v1/runs/${runId}`);
  const id = Number(/\d+/.exec(question)?.[0]);
  if (id >= firstOfKilled && status === 'finished' && result?.answer.includes(createQuestion(id).code))
    resumed += 1;
}
console.log(
  `kill -9 with ${clients} clients waiting: ${answered} had been answered, ${stopped.length} runs were left, ${resumed} of them resumed and right`,
);

// 3. One long document, generated while it is sent.
const line = 'On this day of the watch the keepers counted many ships in the bay and mended two ropes.\\n';
const lineTokens = 20;
const lines = Math.ceil(Number(values.tokens) / lineTokens);
async function* longBody(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"model":"memagent/evidence","messages":[{"role":"user","content":"');
  const block = Buffer.from(line.repeat(1000));
  for (let sent = 0; sent < lines; sent += 1000) {
    if (sent <= lines * 0.7 && sent + 1000 > lines * 0.7) {
      yield Buffer.from('The code of the vault number 7 is 314159.\\n');
    }
    yield block;
  }
  yield Buffer.from('"},{"role":"user","content":"What is the code of the vault number 7?"}]}');
}
const before = await memoryOf(server);
const longAt = performance.now();
const response = await fetch(`${server.url}/v1/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: ReadableStream.from(longBody()),
  duplex: 'half',
});
const long = (await response.json()) as Reply & { memagent?: { tokens: number; sections: number } };
console.table({
  status: response.status,
  tokens: long.memagent?.tokens,
  sections: long.memagent?.sections,
  'answer right': long.choices?.[0]?.message?.content?.includes('314159'),
  seconds: Number(((performance.now() - longAt) / 1000).toFixed(1)),
  'memory before (MB)': Math.round(before.now),
  'peak of the process (MB)': Math.round((await memoryOf(server)).peak),
});
server.child.kill('SIGTERM');
await once(server.child, 'exit');
