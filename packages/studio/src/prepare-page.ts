/** Finds the built page; in a clone it is built where it is missing or older than its sources. */
import { type FileLock, lockFile, MemagentError, messageOf } from '@memagent/core';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'page');
const sources = join(root, 'src', 'page');

/** The folder of the built page, as it is; undefined where there is none. */
export async function findPage(): Promise<string | undefined> {
  return (await changedAt(join(built, 'index.html'))) === undefined ? undefined : built;
}

/**
 * The folder of the built page. Throws `unexpected` where it is neither there nor can be built, and says what to
 * run.
 */
export async function preparePage(): Promise<string> {
  if (await isCurrent()) return built;
  await mkdir(dirname(built), { recursive: true });
  const lock = await waitForLock(join(dirname(built), '.page-lock'));
  try {
    if (!(await isCurrent())) await build();
  } finally {
    lock.release();
  }
  return built;
}

/** Several processes may find the page missing at the same time, as tests do. */
async function waitForLock(path: string): Promise<FileLock> {
  for (;;) {
    const lock = lockFile(path);
    if (lock) return lock;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function isCurrent(): Promise<boolean> {
  const builtAt = await changedAt(join(built, 'index.html'));
  if (builtAt === undefined) return false;
  return builtAt >= (await newestSource());
}

/** 0 where the sources are not there, as in a package that has the page alone. */
async function newestSource(): Promise<number> {
  const entries = await readdir(sources, { recursive: true, withFileTypes: true }).catch(() => []);
  const times = entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => changedAt(join(entry.parentPath, entry.name)));
  return Math.max(0, ...(await Promise.all(times)).map((time) => time ?? 0));
}

async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** Built beside its place and then put there, so that nobody reads half a page. */
async function build(): Promise<void> {
  const outDir = await mkdtemp(join(dirname(built), '.page-'));
  try {
    const vite = await import('vite');
    await vite.build({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    await rm(built, { recursive: true, force: true });
    await rename(outDir, built);
  } catch (error) {
    throw new MemagentError(
      `The studio's page is not built, and cannot be built here: ${messageOf(error)}. In a clone of the repository run: npm ci && npm run build`,
      { code: 'unexpected', cause: error },
    );
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
