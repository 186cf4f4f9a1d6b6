/** A request as it came, in memory, for the model's own server; the document may be replaced by what was kept of it. */
import { type ChatStretch, MemagentError } from '@memagent/core';
import { RequestError } from '../http/server-error.ts';
import { LongText } from '../spool/long-text.ts';
import type { SpooledJson } from '../spool/parse-json.ts';
import type { MessagePart } from './message-parts.ts';
import type { ModelWindow } from './model-window.ts';

/** Marks of ours, which no other server knows. */
const ownField = 'memagent';
const ownMark = 'document';

/** The whole request. Only for one that is known to fit. */
export async function wholeRequest(body: { [key: string]: SpooledJson }): Promise<Record<string, unknown>> {
  const { [ownField]: _own, ...rest } = (await inMemory(body)) as Record<string, unknown>;
  for (const key of ['messages', 'input']) {
    if (Array.isArray(rest[key])) rest[key] = rest[key].map(withoutMarks);
  }
  return rest;
}

/**
 * The request without the document: a function that puts something in its place. `key` names the list of messages.
 * Throws `window-exceeded` where what is left is far too long for the window, and a `RequestError` for a document that
 * stands beside that list.
 */
export async function requestAround(
  body: { [key: string]: SpooledJson },
  key: 'messages' | 'input',
  parts: readonly MessagePart[],
  document: readonly ChatStretch[],
  window: ModelWindow,
): Promise<(text: string) => Record<string, unknown>> {
  const stretches = new Map(document.map((stretch) => [stretch.part, stretch]));
  const left = parts.reduce((sum, { text }, index) => {
    const stretch = stretches.get(index);
    const taken = stretch ? (stretch.end ?? text?.length ?? 0) - (stretch.start ?? 0) : 0;
    return sum + (text?.length ?? 0) - taken;
  }, 0);
  if (left > window.mostLength) {
    throw new MemagentError(
      `What stands beside the document has ${left.toLocaleString('en-US')} characters, which do not fit the model's window. Shorten the other messages.`,
      { code: 'window-exceeded', data: { length: left } },
    );
  }
  const items = body[key];
  const list = typeof items === 'string' || items instanceof LongText ? [userMessage(items)] : items;
  const edges = new Map<string, Edge>();
  for (const [index, { part, start = 0, end }] of document.entries()) {
    const { text, place } = parts[part] ?? {};
    if (place === undefined) continue;
    if (Array.isArray(list) && place.message >= list.length) throw documentInInstructions();
    const before = (await text?.read(0, start)) ?? '';
    const after = text && end !== undefined ? await text.read(end, text.length) : '';
    edges.set(placeName(place), { before, after, isFirst: index === 0 });
  }
  const { [key]: _list, ...others } = body;
  const rest = await wholeRequest(others);
  const kept = await inMemory(list as SpooledJson, ([message, field, part]) =>
    field === 'content' || field === 'output'
      ? edges.get(
          placeName({ message: Number(message), ...(part === undefined ? {} : { part: Number(part) }) }),
        )
      : undefined,
  );
  return (text) => ({
    ...rest,
    [key]: (fill(kept, text) as unknown[]).map(withoutMarks),
  });
}

interface Edge {
  before: string;
  after: string;
  isFirst: boolean;
}

/** A place in which something will stand. */
class Gap {
  readonly edge: Edge;
  readonly partType: string | undefined;

  constructor(edge: Edge, partType: string | undefined) {
    this.edge = edge;
    this.partType = partType;
  }

  fill(text: string): unknown {
    const { before, after, isFirst } = this.edge;
    const filled = `${before}${isFirst ? text : ''}${after}`;
    if (this.partType === undefined) return filled;
    return { type: this.partType.startsWith('input_') ? 'input_text' : 'text', text: filled };
  }
}

/** The value with its long texts read, but for the places that `gapAt` finds by their path. */
async function inMemory(
  value: SpooledJson,
  gapAt: (path: readonly string[]) => Edge | undefined = () => undefined,
  path: readonly string[] = [],
): Promise<unknown> {
  const edge = gapAt(path);
  if (edge) return new Gap(edge, isPart(value) ? String(value['type']) : undefined);
  if (value instanceof LongText) return value.read(0, value.length);
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => inMemory(item, gapAt, [...path, String(index)])));
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(
    async ([name, item]) => [name, await inMemory(item, gapAt, [...path, name])] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function fill(value: unknown, text: string): unknown {
  if (value instanceof Gap) return value.fill(text);
  if (Array.isArray(value)) return value.map((item) => fill(item, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, text)]));
}

function isPart(value: SpooledJson): value is { [key: string]: SpooledJson } {
  return value !== null && typeof value === 'object' && 'type' in value;
}

function documentInInstructions(): RequestError {
  return new RequestError(
    400,
    'unsupported_parameter',
    'The document stands in the instructions, where tools and formats cannot be used. Send it in the input.',
    { param: 'instructions' },
  );
}

function userMessage(content: string | LongText): SpooledJson {
  return { role: 'user', content };
}

function placeName({ message, part }: MessagePart['place']): string {
  return part === undefined ? String(message) : `${message}/${part}`;
}

function withoutMarks(message: unknown): unknown {
  if (message === null || typeof message !== 'object' || !('content' in message)) return message;
  if (!Array.isArray(message.content)) return message;
  const content = message.content.map((part: unknown) => {
    if (part === null || typeof part !== 'object' || !(ownMark in part)) return part;
    const { [ownMark]: _mark, ...rest } = part;
    return rest;
  });
  return { ...message, content };
}
