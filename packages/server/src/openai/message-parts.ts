/**
 * Messages as clients of OpenAI send them, in either interface, as the parts that `findDocument` looks at. What is
 * not needed to read a document is left in the request, for models that get it as it came.
 */
import { type ChatPart, type ChatStretch, chatText, MemagentError, type SourceInput } from '@memagent/core';
import { z } from 'zod';
import type { FileStore, StoredFile } from '../files/file-store.ts';
import { decodeBase64 } from '../spool/decode-base64.ts';
import { blocksOf, LongText } from '../spool/long-text.ts';

/** A text that may lie in a file. */
export const textSchema = z.union([z.string(), z.instanceof(LongText)]);

export type Text = z.output<typeof textSchema>;

/**
 * Messages whose texts are as `text` says. Both interfaces have the same parts under two names; a text part may be
 * marked as the document.
 */
export function messageSchemaWith<Schema extends z.ZodType<Text>>(text: Schema) {
  const fileShape = {
    file_id: z.string().optional(),
    file_data: text.optional(),
    filename: z.string().optional(),
  };
  const part = z.union([
    z.object({
      type: z.enum(['text', 'input_text', 'output_text']),
      text,
      document: z
        .boolean()
        .optional()
        .meta({ description: 'Of this server: marks the part as the document.' }),
    }),
    z.object({ type: z.literal('refusal'), refusal: z.string() }),
    z.object({ type: z.literal('file'), file: z.object(fileShape) }),
    z.object({ type: z.literal('input_file'), ...fileShape }),
    z.looseObject({ type: z.string() }),
  ]);
  return z.object({
    role: z.string(),
    content: z.union([text, z.array(part)]).nullish(),
    tool_calls: z.unknown().optional(),
  });
}

export const messageSchema = messageSchemaWith(textSchema);

export type Message = z.output<typeof messageSchema>;

/** A part with what it came from. */
export interface MessagePart extends ChatPart {
  file?: { id: string } | { data: Text; name: string };
  /** Where it stands: index of the message, and of the part in it where there are parts. */
  place: { message: number; part?: number };
}

/** What of the messages is text, or a file, which counts as the document; and the kinds of whatever else there is. */
export function listParts(messages: readonly Message[]): { parts: MessagePart[]; others: string[] } {
  const parts: MessagePart[] = [];
  const others: string[] = [];
  for (const [message, { role, content }] of messages.entries()) {
    const add = (text: Text, part?: number, isDocument = false): void => {
      parts.push({
        role,
        message,
        isDocument,
        text: typeof text === 'string' ? chatText(text) : text,
        place: { message, ...(part === undefined ? {} : { part }) },
      });
    };
    if (content === null || content === undefined) continue;
    if (typeof content === 'string' || content instanceof LongText) {
      add(content);
      continue;
    }
    for (const [index, part] of content.entries()) {
      const place = { message, part: index };
      if (isTextPart(part)) add(part.text, index, part.document);
      else if (part.type === 'refusal') continue;
      else {
        const file = fileOf(part);
        if (file) parts.push({ role, message, isDocument: true, file, place });
        else others.push(part.type);
      }
    }
  }
  return { parts, others };
}

type Part = Exclude<Message['content'], Text | null | undefined>[number];

function isTextPart(part: Part): part is Extract<Part, { text: Text }> {
  return 'text' in part && (typeof part.text === 'string' || part.text instanceof LongText);
}

/** The file of a part, where it is one that can be had. */
function fileOf(part: Part): NonNullable<MessagePart['file']> | undefined {
  const { data } = z
    .object({
      file_id: z.string().optional(),
      file_data: textSchema.optional(),
      filename: z.string().default('document'),
    })
    .safeParse(
      part.type === 'file' && 'file' in part ? part.file : part.type === 'input_file' ? part : undefined,
    );
  if (data?.file_id !== undefined) return { id: data.file_id };
  return data?.file_data === undefined ? undefined : { data: data.file_data, name: data.filename };
}

/**
 * The stretches of the parts as sources that outlive the request. Texts become files of the run; files that were
 * uploaded before stay what they are. When one cannot be had, none is kept.
 */
export async function keepStretches(
  stretches: readonly ChatStretch[],
  parts: readonly MessagePart[],
  { files, runId }: { files: FileStore; runId: string },
): Promise<{ source: SourceInput[]; owned: StoredFile[] }> {
  const source: SourceInput[] = [];
  const owned: StoredFile[] = [];
  const keep = async (filename: string, content: AsyncIterable<Uint8Array | string>): Promise<string> => {
    const file = await files.add({ filename, runId, content });
    owned.push(file);
    return files.pathOf(file);
  };
  try {
    for (const [index, { part, start, end }] of stretches.entries()) {
      const { file, text } = parts[part] ?? {};
      if (file && 'id' in file) {
        const stored = await files.find(file.id);
        if (stored === undefined) throw noFile(file.id);
        source.push({ file: files.pathOf(stored) });
      } else if (file) {
        source.push({ file: await keep(file.name, decodeBase64(file.data)) });
      } else if (text) {
        const name = stretches.length === 1 ? 'document.txt' : `document-${index + 1}.txt`;
        const path = await keep(name, blocksOf(text, start, end));
        // It is text whatever it begins with.
        source.push({ file: path, mediaType: 'text/plain', encoding: 'utf-8' });
      }
    }
  } catch (error) {
    for (const { id } of owned) await files.delete(id);
    throw error;
  }
  return { source, owned };
}

function noFile(id: string): MemagentError {
  return new MemagentError(
    `There is no file ${JSON.stringify(id)} on this server. Upload it to /v1/files first.`,
    {
      code: 'invalid-option',
      data: { option: 'file_id' },
    },
  );
}
