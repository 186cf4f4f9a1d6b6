/** Made-up results for the report's tests: the usual strategies, 8K to 3.5M tokens, some failures; seeded. */
import type { Usage } from '@memagent/core';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { EvalRecord } from '../runner/record.ts';

export interface SampleOptions {
  seed: number;
  subjects?: readonly string[];
  /** Questions of each task, length and series. */
  n?: number;
}

interface Cell {
  task: string;
  metric: EvalRecord['metric'];
  /** Target in tokens, or paragraphs of about 143 tokens. */
  tokens?: number;
  paragraphs?: number;
}

const lengths = [8, 32, 128, 512, 1024, 3584].map((thousands) => thousands * 1024);

const cells: readonly Cell[] = [
  ...lengths.map((tokens): Cell => ({ task: 'niah_single_2', metric: 'string-match-all', tokens })),
  ...lengths.map((tokens): Cell => ({ task: 'vt', metric: 'string-match-all', tokens })),
  ...[50, 200, 800, 3200, 25_600].map((paragraphs): Cell => ({
    task: 'ruler_hotpotqa',
    metric: 'lenient-match',
    paragraphs,
  })),
];

/** How the strategies behave here: accuracy lost per doubling, tokens read, calls. */
const behaviour = new Map([
  ['memory', { loss: 0.012, share: 1.45, most: Infinity }],
  ['truncate', { loss: 0.09, share: 1, most: 7000 }],
  ['retrieve', { loss: 0.035, share: 1, most: 7200 }],
  ['map-reduce', { loss: 0.03, share: 1.25, most: Infinity }],
  ['refine', { loss: 0.045, share: 1.6, most: Infinity }],
]);

export function sampleRecords({ seed, subjects = ['qwen3-8b'], n = 20 }: SampleOptions): EvalRecord[] {
  const generator = xoroshiro128plus(seed);
  const fraction = (): number => uniformFloat64(generator);
  return subjects.flatMap((subject, subjectIndex) =>
    [...behaviour.keys()].flatMap((strategy) =>
      cells.flatMap((cell) =>
        Array.from({ length: n }, (_, index) =>
          sampleRecord({ cell, subject, strategy, index, skill: 0.92 - 0.15 * subjectIndex, fraction }),
        ),
      ),
    ),
  );
}

interface Draw {
  cell: Cell;
  subject: string;
  strategy: string;
  index: number;
  /** Chance of a right answer in a short document. */
  skill: number;
  fraction: () => number;
}

function sampleRecord({ cell, subject, strategy, index, skill, fraction }: Draw): EvalRecord {
  const { task, metric, paragraphs } = cell;
  const { loss, share, most } = behaviour.get(strategy)!;
  const target = cell.tokens ?? (paragraphs ?? 0) * 143;
  const tokens = target - Math.floor(30 * fraction());
  const item = `${task}/${cell.tokens ?? `${paragraphs}p`}/42-${index}`;
  const key = `${subject}-${strategy}-${item}`;
  const read = Math.min(most, tokens * share) * (1 + 0.02 * fraction());
  const calls = Math.max(1, Math.ceil(read / 7000));
  const usage: Usage = {
    promptTokens: Math.round(read),
    completionTokens: calls * 300,
    cachedTokens: 0,
    reasoningTokens: 0,
    calls,
    retries: 0,
    cost: (read * 0.4 + calls * 300 * 1.6) / 1e6,
  };
  const base = {
    key,
    item,
    task,
    subject,
    strategy,
    tokens,
    meta: {
      seed: 42,
      index,
      ...(paragraphs === undefined ? { length: target, haystack: 'Great Expectations' } : { paragraphs }),
      ...(task === 'niah_single_2' ? { depth: Math.round((100 * index) / 20) } : {}),
    },
    question: 'What is the special magic number for wandering-otter?',
    answers: ['7216453'],
    metric,
    runId: `eval-${key}`,
    settings: {
      reader: 'model',
      readerSettings: { temperature: 0.7, template: { update: 'Read the section.' } },
      model: `local/${subject}`,
      strategy,
      tokenizer: 'o200k_base',
      window: 8192,
      sectionTokens: 5000,
      memoryTokens: 1024,
      outputTokens: 1024,
      questionTokens: 1024,
    },
    versions: { memagent: '0.1.0', node: '24.21.0' },
    at: Date.UTC(2026, 10, 21) + index,
  };
  if (fraction() < 0.01) {
    const message = 'The model gave no useful reply after 6 attempts: HTTP 503: <overloaded>';
    return { ...base, status: 'failed', error: { code: 'model-failed', message }, usage };
  }
  const chance = Math.max(0.02, skill - loss * Math.max(0, Math.log2(tokens / 7000)));
  const found = fraction() < chance;
  const hasMemory = strategy === 'memory' || strategy === 'refine';
  // Variable tracking asks for several names, of which some may be right.
  const score = task === 'vt' ? Math.round(5 * (0.5 * chance + 0.5 * fraction())) / 5 : Number(found);
  return {
    ...base,
    status: 'scored',
    prediction: found ? 'It is 7216453 [3].' : 'It is 1 <script>alert(1)</script> & 2.',
    found,
    score,
    evidence: hasMemory
      ? { ever: Number(found || fraction() < 0.3), atEnd: Number(found) }
      : { ever: null, atEnd: null },
    citationPrecision: found ? Number(fraction() < 0.9) : null,
    usage,
    sections: Math.ceil(tokens / 5000),
    elapsedMs: Math.round(calls * 900 * (0.9 + 0.2 * fraction())),
  };
}
