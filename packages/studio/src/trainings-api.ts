/** `/v1/trainings`: what `memagent train` left in the folders that the server was started with. */
import type { ServerEnv } from '@memagent/server';
import type { RolloutRecord, StepMetrics } from '@memagent/train';
import { Hono } from 'hono';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findFolders, type ResultFolder } from './find-folders.ts';
import type { TrainingSummary, TrainingView } from './result-views.ts';

const description = 'training.json';
const rolloutsOf = (folder: string): string => join(folder, 'rollouts');
const rolloutFile = /^step-(\d+)\.jsonl$/;

/** The routes. Folders are looked at again with each request: a run may be going on. */
export function createTrainingsApi(folders: readonly string[]): Hono<ServerEnv> {
  const api = new Hono<ServerEnv>();
  const list = (): Promise<ResultFolder[]> => findFolders(folders, description);
  const find = async (id: string): Promise<ResultFolder | undefined> =>
    (await list()).find((folder) => folder.id === id);

  api.get('/', async (context) => {
    const data = await Promise.all((await list()).map(summaryOf));
    return context.json({ data });
  });

  api.get('/:id', async (context) => {
    const folder = await find(context.req.param('id'));
    if (!folder) return context.notFound();
    const { config } = await readDescription(folder);
    const metrics = parseLines<StepMetrics>(await readIfThere(join(folder.path, 'metrics.jsonl')));
    const recorded = (await rolloutSteps(folder)).map(({ step }) => step);
    return context.json({ ...(await summaryOf(folder)), config, metrics, recorded } satisfies TrainingView);
  });

  api.get('/:id/rollouts/:step{[0-9]+}', async (context) => {
    const folder = await find(context.req.param('id'));
    const step = Number(context.req.param('step'));
    const file = folder && (await rolloutSteps(folder)).find((one) => one.step === step);
    if (!file) return context.notFound();
    const text = await readFile(join(rolloutsOf(folder.path), file.name), 'utf8');
    return context.json({ data: parseLines<RolloutRecord>(text) });
  });

  return api;
}

async function readDescription({
  path,
}: ResultFolder): Promise<{ name: string; config: Record<string, unknown> }> {
  return JSON.parse(await readFile(join(path, description), 'utf8')) as {
    name: string;
    config: Record<string, unknown>;
  };
}

async function summaryOf(folder: ResultFolder): Promise<TrainingSummary> {
  const { name: preset } = await readDescription(folder);
  const metrics = await stat(join(folder.path, 'metrics.jsonl')).catch(() => undefined);
  const { mtimeMs } = metrics ?? (await stat(join(folder.path, description)));
  return { id: folder.id, name: folder.name, preset, changedAt: mtimeMs };
}

async function rolloutSteps({ path }: ResultFolder): Promise<{ step: number; name: string }[]> {
  const names = await readdir(rolloutsOf(path)).catch(() => []);
  return names
    .flatMap((name) => {
      const step = rolloutFile.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), name }];
    })
    .toSorted((a, b) => a.step - b.step);
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
}

/** The last line counts when it is whole. */
function parseLines<Line>(text: string): Line[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
