/**
 * Parses a JSON body while it comes in. Short strings become part of the value as usual; long ones go to the disk as
 * they come, and stand in the value as a `LongText`. So a body with a document of any length takes little memory.
 */
import { messageOf } from '@memagent/core';
import { getManyValues, isMany, none } from 'stream-chain/defs.js';
import { jsonParser, type parser } from 'stream-json/parser.js';
import { RequestError } from '../http/server-error.ts';
import type { LongText } from './long-text.ts';
import type { TextSpool, TextWriter } from './text-spool.ts';

/** JSON in which long texts lie in files. */
export type SpooledJson =
  | null
  | boolean
  | number
  | string
  | LongText
  | SpooledJson[]
  | { [key: string]: SpooledJson };

/** More than any request needs, and less than would fill the memory or the stack. */
const mostValues = 100_000;
const mostDepth = 64;

/** Throws a `RequestError` 400 for what is no JSON, and whatever `body` throws. */
export async function parseSpooledJson(
  body: AsyncIterable<Uint8Array>,
  spool: TextSpool,
): Promise<SpooledJson> {
  const parse = jsonParser({ packStrings: false, streamKeys: false, streamNumbers: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const assembler = createAssembler(spool);

  async function take(text: string | typeof none): Promise<void> {
    // The end of the input is told by a symbol, which the types leave out.
    const parsed: unknown = malformedAsError(() => parse(text as string));
    if (!isMany(parsed)) return;
    for (const token of getManyValues(parsed) as parser.Token[]) {
      const isWritten = assembler.take(token);
      if (isWritten) await isWritten;
    }
    await assembler.flush();
  }

  for await (const block of body) {
    await take(malformedAsError(() => decoder.decode(block, { stream: true })));
  }
  await take(malformedAsError(() => decoder.decode()));
  await take(none);
  return assembler.root();
}

interface Assembler {
  /** Resolves when the token is worked in, where that takes time. */
  take(token: parser.Token): Promise<void> | undefined;
  flush(): Promise<void>;
  root(): SpooledJson;
}

/** Builds the value that the tokens tell. */
function createAssembler(spool: TextSpool): Assembler {
  const open: { container: SpooledJson[] | { [key: string]: SpooledJson }; key: string }[] = [];
  let root: SpooledJson | undefined;
  let values = 0;
  let text: TextWriter | undefined;

  function add(value: SpooledJson): void {
    values += 1;
    if (values > mostValues) throw tooMuch(`more than ${mostValues.toLocaleString('en-US')} values`);
    const inner = open.at(-1);
    if (inner === undefined) root = value;
    else if (Array.isArray(inner.container)) inner.container.push(value);
    else inner.container[inner.key] = value;
  }

  function begin(container: SpooledJson[] | { [key: string]: SpooledJson }): void {
    add(container);
    open.push({ container, key: '' });
    if (open.length > mostDepth) throw tooMuch(`values within values deeper than ${mostDepth}`);
  }

  async function endText(writer: TextWriter): Promise<void> {
    add(await writer.end());
  }

  return {
    take(token) {
      switch (token.name) {
        case 'startObject':
          // Without a prototype, a key such as __proto__ is a key like any other.
          return void begin(Object.create(null) as { [key: string]: SpooledJson });
        case 'startArray':
          return void begin([]);
        case 'endObject':
        case 'endArray':
          return void open.pop();
        case 'keyValue': {
          const inner = open.at(-1);
          if (inner) inner.key = token.value;
          return undefined;
        }
        case 'startString':
          text = spool.begin();
          return undefined;
        case 'stringChunk':
          return void text?.push(token.value);
        case 'endString': {
          const written = text;
          text = undefined;
          return written && endText(written);
        }
        case 'numberValue':
          return void add(Number(token.value));
        case 'nullValue':
        case 'trueValue':
        case 'falseValue':
          return void add(token.value);
        default:
          return undefined;
      }
    },
    flush: async () => text?.flush(),
    root() {
      if (root !== undefined) return root;
      throw new RequestError(400, 'invalid_json', 'The body is empty; expected JSON.');
    },
  };
}

function malformedAsError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new RequestError(400, 'invalid_json', `The body is no JSON: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function tooMuch(what: string): RequestError {
  return new RequestError(413, 'body_too_large', `The body has ${what}.`);
}
