/**
 * Batches as they were drawn, token by token, kept until the next checkpoint: `batches/step-000012.jsonl.gz`. A run
 * that goes on trains on those of the steps after its checkpoint instead of sampling them again, which an engine
 * that samples on other machines would do differently and be paid for twice. Observations must be plain JSON.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type ErrorCode, MemagentError } from '@memagent/core';
import { replaceDurably } from '../checkpoint/write-durably.ts';
import { writeFailed } from '../checkpoint/write-failed.ts';
import type { Group, Sample } from '../glossary.ts';
import { composeBatch, type DrawnBatch } from './draw-batch.ts';
import type { TrainingConfig } from './training-config.ts';

export interface BatchStore<Observation> {
  /** Keeps a batch before it is trained on. Throws `store-failed`. */
  write(step: number, batch: DrawnBatch<Observation>): Promise<void>;
  /** The batch of a step, where it was drawn before; its samples are made again from their positions. */
  read(step: number, place: StoredPlace): Promise<DrawnBatch<Observation> | undefined>;
  /** Removes the batches of the steps up to `step`. */
  forget(step: number): Promise<void>;
}

/** What a batch is made again from. */
export interface StoredPlace {
  sampleAt: (position: number) => Sample | Promise<Sample>;
  position: number;
  config: TrainingConfig;
}

/** The first line of a file; then a group on each. */
interface Header {
  tokens: number;
  failures: { code: ErrorCode; message: string }[];
}

/** The store of the run in `out`. */
export function createBatchStore<Observation>(out: string): BatchStore<Observation> {
  const folder = join(out, 'batches');
  const fileOf = (step: number): string => join(folder, `step-${String(step).padStart(6, '0')}.jsonl.gz`);

  return {
    async write(step, { drawn, failures, tokens }) {
      const header: Header = { tokens, failures: failures.map(({ code, message }) => ({ code, message })) };
      // Samples are not kept: they follow from their positions.
      const groups = drawn.map(({ group: { rollouts, policyVersion } }) => ({ rollouts, policyVersion }));
      const text = [header, ...groups].map((line) => `${JSON.stringify(line)}\n`).join('');
      try {
        await mkdir(folder, { recursive: true });
        await replaceDurably(fileOf(step), await promisify(gzip)(text));
      } catch (error) {
        throw writeFailed(`the batch of step ${step}`, out, error);
      }
    },

    async read(step, { sampleAt, position, config }) {
      const bytes = await readFile(fileOf(step)).catch(() => undefined);
      if (!bytes) return undefined;
      const [header, ...lines] = (await promisify(gunzip)(bytes)).toString('utf8').trimEnd().split('\n');
      const { tokens, failures } = JSON.parse(header ?? '') as Header;
      const groups = await Promise.all(
        lines.map(async (line, index) => ({
          ...(JSON.parse(line) as Omit<Group<Observation>, 'sample'>),
          sample: await sampleAt(position + index),
        })),
      );
      const errors = failures.map(({ code, message }) => new MemagentError(message, { code }));
      return { ...composeBatch(groups, config), failures: errors, tokens };
    },

    async forget(step) {
      for (const name of await readdir(folder).catch(() => [])) {
        const found = Number(/^step-(\d+)\.jsonl\.gz$/.exec(name)?.[1] ?? Infinity);
        if (found <= step) await rm(join(folder, name), { force: true });
      }
    },
  };
}
