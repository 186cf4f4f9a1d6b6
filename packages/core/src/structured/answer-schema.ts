/**
 * A schema as the AI SDK takes it, made ready: its JSON Schema, for prompts and providers, and a check. A schema of a
 * library (zod, any Standard Schema) checks by itself; a bare JSON Schema is checked here.
 */
import type { FlexibleSchema } from 'ai';
import { MemagentError, messageOf } from '../errors.ts';
import { compileJsonSchema, type JsonSchema } from './json-schema.ts';

/** A schema that can be asked with. */
export interface AnswerSchema<T = unknown> {
  readonly json: JsonSchema;
  check(value: unknown): Promise<Checked<T>>;
}

/** A value that follows the schema, as the schema gives it back, or what is wrong with it, in words. */
export type Checked<T> = { value: T; problem?: never } | { problem: string };

/** Throws `invalid-option`, naming `option`, for what is no schema, or one that has no JSON Schema. */
export async function resolveSchema<T>(
  schema: FlexibleSchema<T>,
  option = 'schema',
): Promise<AnswerSchema<T>> {
  const { asSchema } = await import('ai');
  if (!isSchema(schema)) throw notASchema(schema, option);
  let json: unknown;
  let own;
  try {
    own = asSchema(schema);
    // Through JSON: what is undefined is not there, and a run keeps exactly this.
    json = JSON.parse(JSON.stringify(await own.jsonSchema)) as unknown;
  } catch (cause) {
    throw new MemagentError(
      `Option ${option} cannot be put as JSON Schema, which the model is asked with: ${messageOf(cause)}. Leave out what JSON cannot hold, such as dates and functions.`,
      { code: 'invalid-option', data: { option }, cause },
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw notASchema(json, option);
  const check = await compileJsonSchema(json as JsonSchema, option);
  const { validate } = own;
  return {
    json: json as JsonSchema,
    async check(value) {
      if (!validate) {
        const problem = check(value);
        return problem === undefined ? { value: value as T } : { problem };
      }
      const result = await validate(value);
      return result.success ? { value: result.value } : { problem: describeIssues(result.error) };
    },
  };
}

/** A plain JSON Schema looks like one and is none to the AI SDK: it has to be wrapped. */
function isSchema(schema: unknown): boolean {
  if (typeof schema === 'function') return true;
  if (typeof schema !== 'object' || schema === null) return false;
  return '~standard' in schema || ('jsonSchema' in schema && 'validate' in schema);
}

function notASchema(received: unknown, option: string): MemagentError {
  const shown = (JSON.stringify(received) ?? String(received)).slice(0, 80);
  return new MemagentError(
    `Option ${option} must be a zod schema, another Standard Schema, or a JSON Schema in the AI SDK's jsonSchema(…); received ${shown}.`,
    { code: 'invalid-option', data: { option } },
  );
}

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[];
}

/** The issues of a Standard Schema: zod has them in its error, the AI SDK takes those of others for a cause. */
function describeIssues(error: unknown): string {
  for (let cause = error, depth = 0; depth < 4; cause = (cause as Error).cause, depth += 1) {
    const issues: unknown = cause instanceof Error && 'issues' in cause ? cause.issues : cause;
    if (Array.isArray(issues)) return (issues as Issue[]).map(describeIssue).join('; ');
    if (!(cause instanceof Error)) break;
  }
  return messageOf(error);
}

function describeIssue({ message, path = [] }: Issue): string {
  const keys = path.map((step) => String(typeof step === 'object' ? step.key : step));
  return keys.length === 0 ? message : `/${keys.join('/')}: ${message}`;
}
