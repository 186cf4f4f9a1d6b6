import type { JsonSchema } from '@memagent/core';
import { messageOf } from '@memagent/core';
import { jsonSchema, type Schema } from 'ai';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** The JSON Schema of a file. What it says is checked by the library. */
export async function readSchema(path: string, { cwd }: Pick<Shell, 'cwd'>): Promise<Schema<unknown>> {
  let schema: unknown;
  try {
    schema = JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
  } catch (error) {
    throw usageError(
      `Cannot read the schema ${path}: ${messageOf(error)}. Give a file with a JSON Schema.`,
      error,
    );
  }
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
    return jsonSchema<unknown>(schema as JsonSchema);
  }
  throw usageError(`The schema ${path} is no JSON object. Give a file with a JSON Schema.`);
}
