/** Collect all records of a schema from a document of any length. */
import type { FlexibleSchema } from 'ai';
import { z } from 'zod';
import { beginRun, type BeginOptions, continueRun, leaseFor } from '../run/begin-run.ts';
import { type Estimate, type EstimateOptions, estimateRun } from '../run/estimate.ts';
import {
  checkNames,
  checkScalars,
  commonOptions,
  invalidOption,
  type SessionOptions,
} from '../run/read-options.ts';
import type { Run } from '../run/run.ts';
import type { SourceInput } from '../source/source.ts';
import {
  type ExtractionOptions,
  isExtraction,
  prepareExtraction,
  restoreExtraction,
} from './prepare-extraction.ts';
import { notAnExtraction, readRecords } from './read-records.ts';
import type { ExtractedRecord } from './records.ts';

/** Options of `extract`. */
export interface ExtractOptions<T = unknown> extends ExtractionOptions<T>, BeginOptions {}

/** Options of `resumeExtract`: what is left out is as the run began. */
export interface ResumeExtractOptions<T = unknown>
  extends Partial<Omit<ExtractionOptions<T>, 'model'>>, SessionOptions {
  runId: string;
  model: ExtractionOptions<T>['model'];
  /** Needed only where a stream was cut short before all of it was saved. */
  source?: SourceInput;
}

/** A run at work, as of `read`; `records-extracted` events have the records as they are found. */
export interface ExtractRun<T = unknown> extends Run {
  /** All records, once the run is finished; one after the other, from disk. Rejects as `result` does. */
  records(): AsyncGenerator<ExtractedRecord<T>>;
}

/**
 * Searches a document section by section for all records of a schema. Mentions of one record become one; values that
 * contradict each other stay side by side; each value has the words that state it and their place. Starts at once.
 * Throws `invalid-option` for misuse; everything else settles `result`.
 *
 * @example
 * const run = extract({ model, schema: z.object({ name: z.string(), year: z.int() }), key: ['name'], source: { file: 'book.txt' } });
 * for await (const { record, conflicts } of run.records()) console.log(record, conflicts);
 * const { extraction } = await run.result; // counts, and what was dropped
 */
export function extract<T>(options: ExtractOptions<T>): ExtractRun<T> {
  checkExtractOptions(options);
  const run = beginRun(options, () => prepareExtraction(options));
  return withRecords(run, options);
}

/** Goes on with a run of `extract` that stopped, as `resume` does, which can be used as well. */
export function resumeExtract<T>(options: ResumeExtractOptions<T>): ExtractRun<T> {
  checkExtractOptions(options);
  const run = continueRun(options, async ({ runId, settings }) => {
    if (!isExtraction(settings)) throw notAnExtraction(runId);
    return prepareExtraction({ ...(await restoreExtraction(settings)), ...options });
  });
  return withRecords(run, options);
}

/**
 * Reads the document once, without any call, and says what `extract` would use. Replies that are too long for one
 * are not foreseen: their sections are divided, which takes more calls.
 */
export async function estimateExtract<T>({
  speed,
  ...options
}: ExtractOptions<T> & Pick<EstimateOptions, 'speed'>): Promise<Estimate> {
  checkExtractOptions(options);
  return estimateRun(await prepareExtraction(options), { ...options, speed });
}

function withRecords<T>(
  run: Run,
  options: Pick<SessionOptions, 'store' | 'home'> & { schema?: FlexibleSchema<T> },
): ExtractRun<T> {
  return {
    ...run,
    async *records() {
      await run.result;
      const lease = leaseFor(options);
      const store = lease.acquire();
      try {
        yield* readRecords<T>(store, run.runId, options.schema);
      } finally {
        await lease.release();
      }
    },
  };
}

const ownScalars = {
  instructions: z.string().trim().min(1).optional(),
  key: z.array(z.string()).optional(),
  similarity: z.number().gt(0).max(1).optional(),
  overlapTokens: z.int().nonnegative().optional(),
};

function checkExtractOptions(options: ExtractOptions | ResumeExtractOptions): void {
  checkNames(options, [...commonOptions, ...Object.keys(ownScalars)]);
  checkScalars(options, ownScalars);
  if (options.model === undefined) {
    throw invalidOption('model', 'is needed: records are collected with a language model');
  }
  if ('source' in options && !('runId' in options) && options.schema === undefined) {
    throw invalidOption('schema', 'is needed: it says what a record is');
  }
}
