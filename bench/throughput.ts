/**
 * Model calls per second of one process, against a server in another process that answers every prompt after
 * 20 ms: memagent, LangChain.js's refine chain, and a plain loop over the `openai` client, side by side. As many
 * documents are read at once as the concurrency says. memagent always does all of its work: it cuts, counts,
 * and commits each step to SQLite on disk. The others are measured twice: cutting for themselves with their
 * own token splitter, and given sections that were cut before the clock started. Rounds are interleaved, and the
 * first warms up; medians.
 *
 *   npm run bench:throughput [-- <concurrency,concurrency,…> [<rounds> [<part of the names to compare with>]]]
 */
import { availableParallelism } from 'node:os';
import { readBook } from './book.ts';
import { type BenchDocument, type Contestant, sectionTokens } from './contestants/contestant.ts';
import { cutTokens } from './contestants/cut-tokens.ts';
import { createLangchainRefine } from './contestants/langchain.ts';
import { createMemagentContestant } from './contestants/memagent.ts';
import { createOpenaiLoop } from './contestants/openai-loop.ts';
import { median } from './median.ts';
import { startLoopbackProcess } from './start-loopback.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const concurrencies = (process.argv[2] ?? '1,16,256,1024').split(',').map(Number);
const rounds = Number(process.argv[3] ?? 5);
const comparedWith = process.argv[4] ?? '';
const latencyMs = 20;

/** Four sections, the last shorter, so that a cutter that ends at sentences also comes to four. */
const documentTokens = 3.7 * sectionTokens;

/** The document again and again, so that each contestant has enough to do at this concurrency. */
function documentsFor(concurrency: number): BenchDocument[] {
  const count = Math.max(concurrency, Math.min(64, 16 * concurrency));
  return Array.from({ length: count }, (_, index) => documents[index % documents.length]!);
}

interface Sample {
  callsPerSecond: number;
  cpuMsPerCall: number;
}

/** Reads all documents, `concurrency` of them at a time. */
async function measure(contestant: Contestant, concurrency: number): Promise<Sample> {
  const waiting = documentsFor(concurrency).values();
  let calls = 0;
  const work = async (): Promise<void> => {
    for (const document of waiting) {
      const made = await contestant.read(document);
      calls += made; // Not in one statement: the sum would be read before the wait.
    }
  };
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, work));
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedAt;
  return { callsPerSecond: (1000 * calls) / elapsedMs, cpuMsPerCall: (user + system) / 1000 / calls };
}

async function compare(concurrency: number, baseUrl: string): Promise<void> {
  await using home = await createTemporaryFolder();
  const contestants = [
    await createMemagentContestant(baseUrl, concurrency, home.path),
    createOpenaiLoop(baseUrl, 'given'),
    createOpenaiLoop(baseUrl, 'cuts'),
    createLangchainRefine(baseUrl, 'given'),
    createLangchainRefine(baseUrl, 'cuts'),
  ].filter(({ name }, index) => index === 0 || name.includes(comparedWith));
  const samples = contestants.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const sample = await measure(contestant, concurrency);
      // The first round warms up.
      if (round > 0) samples[index]?.push(sample);
    }
  }
  for (const contestant of contestants) await contestant.close?.();
  const medians = samples.map((all) => ({
    callsPerSecond: median(all.map((sample) => sample.callsPerSecond)),
    cpuMsPerCall: median(all.map((sample) => sample.cpuMsPerCall)),
  }));
  console.log(
    `\nConcurrency ${concurrency}, ${documentsFor(concurrency).length} documents, ${rounds} rounds`,
  );
  console.table(
    medians.map(({ callsPerSecond, cpuMsPerCall }, index) => ({
      contestant: contestants[index]?.name,
      'calls/s': Math.round(callsPerSecond),
      'memagent / it': Number(((medians[0]?.callsPerSecond ?? 0) / callsPerSecond).toFixed(2)),
      'CPU ms per call': Number(cpuMsPerCall.toFixed(2)),
    })),
  );
}

/** Stretches of the book that overlap by half. */
const documents: readonly BenchDocument[] = cutTokens(readBook(), documentTokens / 2)
  .slice(0, -1)
  .map((half, index, halves) => half + (halves[index + 1] ?? ''))
  .slice(0, -1)
  .map((text) => ({
    question: 'Who commands the Russian army at the battle of Borodino?',
    text,
    sections: cutTokens(text, sectionTokens),
  }));

await using server = await startLoopbackProcess({ echo: true, latencyMs });
console.log(`Node ${process.version}, ${availableParallelism()} cores, latency ${latencyMs} ms`);
for (const concurrency of concurrencies) await compare(concurrency, server.baseUrl);
