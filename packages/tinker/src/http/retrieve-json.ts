import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { readForm } from './read-answer.ts';
import { retrieve, type Accepted } from './retrieve.ts';

/** A result that has no binary form. */
export async function retrieveJson<Form extends z.ZodType>(
  connection: Connection,
  accepted: Accepted,
  form: Form,
  signal: AbortSignal,
): Promise<z.output<Form>> {
  const result = await retrieve(connection, accepted, { accept: 'application/json', signal });
  return readForm(accepted.operation, 'json' in result ? result.json : 'a binary body', form);
}
