/** The page and its files as routes for the server, and the folders of evaluations and training runs that it shows. */
import type { ServerEnv } from '@memagent/server';
import { Hono } from 'hono';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { createEvaluationsApi } from './evaluations-api.ts';
import { requireFolders } from './find-folders.ts';
import { pageHeaders } from './page-headers.ts';
import { createTrainingsApi } from './trainings-api.ts';

export interface StudioOptions {
  /** Folder of the built page, from `preparePage`. */
  page: string;
  /** Folders of evaluations (`memagent eval --out`), or folders that hold such folders. */
  evaluations?: readonly string[];
  /** Folders of training runs (`memagent train --out`), or folders that hold such folders. */
  trainings?: readonly string[];
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Addresses that the page itself understands. */
const places = /^\/(?:(?:runs|compare|batches|evaluations|trainings)(?:\/[^/]*)?)?$/;

/**
 * Makes the routes. All files are read now: what is not among them cannot be asked for. Throws `invalid-option` for a
 * folder of results that is none.
 *
 * @example
 * await startServer({ home, pages: await createStudioPages({ page: await preparePage() }) });
 */
export async function createStudioPages({
  page,
  evaluations = [],
  trainings = [],
}: StudioOptions): Promise<Hono<ServerEnv>> {
  await requireFolders([...evaluations, ...trainings]);
  const files = await readFiles(page);
  const index = files.get('/index.html');
  if (index === undefined) throw new TypeError(`There is no built page in ${page}: it has no index.html.`);
  const app = new Hono<ServerEnv>();
  app.route('/v1/evaluations', createEvaluationsApi(evaluations));
  app.route('/v1/trainings', createTrainingsApi(trainings));
  app.get('*', async (context, next) => {
    const { path } = context.req;
    const file = path === '/index.html' ? undefined : files.get(path);
    if (file !== undefined) {
      return context.body(file, 200, {
        ...pageHeaders,
        'content-type': mediaTypes[extname(path)] ?? 'application/octet-stream',
        // Names of these files change with what is in them.
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    }
    if (!places.test(path)) return next();
    return context.body(index, 200, {
      ...pageHeaders,
      'content-type': mediaTypes['.html'] ?? '',
      'cache-control': 'no-cache',
    });
  });
  return app;
}

/** All files of a folder, by their path in it. */
async function readFiles(folder: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, new Uint8Array(await readFile(path)));
  }
  return files;
}
