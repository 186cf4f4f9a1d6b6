/** `/v1/files`, as OpenAI has it: upload, list, look up, read again, delete. */
import { Hono } from 'hono';
import { z } from 'zod';
import { readMultipart } from '../http/read-multipart.ts';
import { sendFile } from '../http/send-file.ts';
import { RequestError } from '../http/server-error.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { describe, parameter } from '../openapi/describe.ts';
import type { FileStore, StoredFile } from './file-store.ts';

export const fileSchema = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: z.int().meta({ description: 'Seconds since the epoch.' }),
    filename: z.string(),
    purpose: z.string(),
    status: z.literal('processed'),
  })
  .meta({ id: 'File' });

const listSchema = z.object({
  object: z.literal('list'),
  data: z.array(fileSchema),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

const deletedSchema = z.object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) });

const formSchema = z.object({
  file: z
    .string()
    .meta({ format: 'binary', description: 'The document, in any format that memagent reads.' }),
  purpose: z.string().optional().meta({ description: 'Accepted, and taken as user_data.' }),
});

const idParameter = parameter('id', 'path', 'Id of the file.');
const mostListed = 10_000;

export interface FilesApiOptions {
  files: FileStore;
  maxBodyBytes: number;
}

export function createFilesApi({ files, maxBodyBytes }: FilesApiOptions): Hono<ServerEnv> {
  const api = new Hono<ServerEnv>();

  api.post(
    '/',
    describe({
      summary: 'Upload a document',
      description: 'Many questions can then be asked of it without sending it again.',
      tag: 'Files',
      body: { 'multipart/form-data': formSchema },
      reply: { schema: fileSchema },
      errors: [400, 413],
    }),
    async (context) => {
      const added: StoredFile[] = [];
      try {
        await readMultipart(context, maxBodyBytes, async ({ filename, content }) => {
          added.push(await files.add({ filename, content }));
        });
      } catch (error) {
        for (const { id } of added) await files.delete(id);
        throw error;
      }
      const [file, ...more] = added;
      if (file === undefined || more.length > 0) {
        for (const { id } of added) await files.delete(id);
        throw new RequestError(
          400,
          'invalid_form',
          `Expected one file in the form, received ${added.length}. Put it into the field "file".`,
          { param: 'file' },
        );
      }
      return context.json(viewFile(file));
    },
  );

  api.get(
    '/',
    describe({
      summary: 'List the uploaded documents, newest first',
      tag: 'Files',
      reply: { schema: listSchema },
      parameters: [
        parameter('limit', 'query', 'Most files to return; default 10,000.'),
        parameter('after', 'query', 'The id of the last file of the page before.'),
      ],
      errors: [400],
    }),
    async (context) => {
      const { limit, after } = z
        .object({
          limit: z.coerce.number().int().min(1).max(mostListed).default(mostListed),
          after: z.string().optional(),
        })
        .parse(context.req.query());
      const all = await files.list();
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const data = all.slice(start, start + limit).map(viewFile);
      return context.json({
        object: 'list',
        data,
        has_more: start + limit < all.length,
        first_id: data[0]?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      });
    },
  );

  api.get(
    '/:id',
    describe({
      summary: 'Look up a document',
      tag: 'Files',
      parameters: [idParameter],
      reply: { schema: fileSchema },
      errors: [404],
    }),
    async (context) => context.json(viewFile(await find(files, context.req.param('id')))),
  );

  api.get(
    '/:id/content',
    describe({
      summary: 'Download a document, as it was sent',
      tag: 'Files',
      parameters: [idParameter],
      media: { type: 'application/octet-stream', description: 'The bytes of the file.' },
      errors: [404],
    }),
    async (context) => {
      const file = await find(files, context.req.param('id'));
      return sendFile(context, { ...file, path: files.pathOf(file) });
    },
  );

  api.delete(
    '/:id',
    describe({
      summary: 'Delete a document',
      description: 'Runs that have not finished reading it can then not be resumed.',
      tag: 'Files',
      parameters: [idParameter],
      reply: { schema: deletedSchema },
      errors: [404],
    }),
    async (context) => {
      const { id } = await find(files, context.req.param('id'));
      await files.delete(id);
      return context.json({ id, object: 'file', deleted: true });
    },
  );

  return api;
}

async function find(files: FileStore, id: string): Promise<StoredFile> {
  const file = await files.find(id);
  if (file && file.runId === undefined) return file;
  throw new RequestError(404, 'file_not_found', `There is no file ${JSON.stringify(id)} on this server.`);
}

function viewFile({ id, bytes, createdAt, filename }: StoredFile): z.output<typeof fileSchema> {
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAt / 1000),
    filename,
    purpose: 'user_data',
    status: 'processed',
  };
}
