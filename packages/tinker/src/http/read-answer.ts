import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import type { HttpAnswer } from './http-request.ts';

/** The text of an answer's body. */
export const textOf = ({ body }: HttpAnswer): string => new TextDecoder().decode(body);

/** The JSON of an answer in the form that the protocol gives it; anything else is a `bad-response`. */
export function readJson<Schema extends z.ZodType>(
  operation: string,
  answer: HttpAnswer,
  schema: Schema,
): z.output<Schema> {
  return readForm(operation, jsonOf(answer), schema);
}

/** A value in the form that the protocol gives it; anything else is a `bad-response`. */
export function readForm<Schema extends z.ZodType>(
  operation: string,
  value: unknown,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new TinkerError(
    'bad-response',
    `The answer to ${operation} is not what the protocol says: ${z.prettifyError(result.error)}\nReceived ${excerpt(JSON.stringify(value) ?? '')}`,
    { cause: result.error },
  );
}

/** The JSON of a body; `undefined` where it is none. Python writes NaN and infinities, which JSON has not: null. */
export function jsonOf(answer: HttpAnswer): unknown {
  const text = textOf(answer);
  try {
    return JSON.parse(text);
  } catch {
    // Outside strings these words can only be such numbers.
    const repaired = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (part) =>
      part.startsWith('"') ? part : 'null',
    );
    try {
      return JSON.parse(repaired);
    } catch {
      return undefined;
    }
  }
}

const reasonForm = z.object({
  detail: z.unknown().optional(),
  error: z.unknown().optional(),
  message: z.unknown().optional(),
});

/** What the server says is wrong, in its own words. */
export function reasonOf(answer: HttpAnswer): string {
  const { detail, error, message } = reasonForm.safeParse(jsonOf(answer)).data ?? {};
  const reason = detail ?? error ?? message ?? textOf(answer);
  return excerpt(typeof reason === 'string' ? reason : JSON.stringify(reason)) || 'no reason given';
}

const excerpt = (text: string, length = 500) => (text.length > length ? `${text.slice(0, length)}…` : text);
