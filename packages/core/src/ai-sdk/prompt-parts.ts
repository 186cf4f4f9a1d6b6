/**
 * The prompt of an AI SDK call as the parts that `findDocument` looks at, and back again with something else in the
 * document's place.
 */
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Prompt,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { chatText } from '../chat/chat-text.ts';
import type { ChatPart, ChatStretch } from '../chat/find-document.ts';
import type { SourceInput } from '../source/source.ts';

/** A part of a prompt that has text, or is a file. */
export interface PromptPart extends ChatPart {
  /** The text, where there is one. */
  content: string;
  /** Where it stands: index of the message, and of the part in it; a system message has none. */
  place: { message: number; part?: number };
  file?: LanguageModelV4FilePart;
}

/**
 * The parts of a prompt, in order. What has `providerOptions.memagent.document`, a part or a whole message, is marked as
 * the document, and so is every file that can be read as one, if `readsFiles`.
 */
export function listPromptParts(prompt: LanguageModelV4Prompt, readsFiles: boolean): PromptPart[] {
  return prompt.flatMap((message, index): PromptPart[] => {
    const of = (
      content: string,
      part?: number,
      providerOptions?: SharedV4ProviderOptions,
    ): PromptPart & { isDocument: boolean } => ({
      role: message.role,
      message: index,
      content,
      text: chatText(content),
      place: { message: index, ...(part === undefined ? {} : { part }) },
      isDocument: isMarked(providerOptions) || isMarked(message.providerOptions),
    });
    if (message.role === 'system') return [of(message.content)];
    return message.content.flatMap((part, at): PromptPart[] => {
      switch (part.type) {
        case 'text':
          return [of(part.text, at, part.providerOptions)];
        case 'file': {
          const content = textOf(part);
          const { text: _text, ...bare } = of(content ?? '', at, part.providerOptions);
          const isDocument = bare.isDocument || (readsFiles && isReadable(part));
          const found = { ...bare, isDocument, file: part };
          if (content !== undefined) return [{ ...found, text: chatText(content) }];
          return isDocument && part.data.type === 'data' ? [found] : [];
        }
        case 'tool-result': {
          const { output } = part;
          if (output.type === 'text') return [of(output.value, at)];
          return output.type === 'json' ? [of(JSON.stringify(output.value), at)] : [];
        }
        default:
          return [];
      }
    });
  });
}

/** The document that was found, for `read`. */
export function documentSource(parts: readonly PromptPart[], document: readonly ChatStretch[]): SourceInput {
  return document.map(({ part: index, start, end }, place): SourceInput => {
    const { content = '', file } = parts[index] ?? {};
    const name = file?.filename ?? (document.length === 1 ? 'document' : `document ${place + 1}`);
    const isWhole = start === undefined && end === undefined;
    if (file?.data.type !== 'data' || !isWhole) return { text: content.slice(start, end), name };
    return { stream: only(bytesOf(file.data.data)), name, mediaType: file.mediaType };
  });
}

/** The prompt with `text` where the document began, and nothing where the rest of it was. */
export function replaceDocument(
  prompt: LanguageModelV4Prompt,
  parts: readonly PromptPart[],
  document: readonly ChatStretch[],
  text: string,
): LanguageModelV4Prompt {
  const replaced = [...prompt];
  for (const [index, { part: partIndex, start = 0, end }] of document.entries()) {
    const part = parts[partIndex];
    const message = part && replaced[part.place.message];
    if (!message) continue;
    const { content, place } = part;
    const put = `${content.slice(0, start)}${index === 0 ? text : ''}${content.slice(end ?? content.length)}`;
    replaced[place.message] = withText(message, place.part, put);
  }
  return replaced;
}

type Message = LanguageModelV4Prompt[number];

/** A message with another text in one of its parts. */
function withText(message: Message, at: number | undefined, text: string): Message {
  if (message.role === 'system') return { ...message, content: text };
  const content = message.content.map((part, index) => {
    if (index !== at) return part;
    switch (part.type) {
      case 'text':
        return { ...part, text };
      case 'tool-result':
        return { ...part, output: { type: 'text', value: text } };
      case 'file':
        return { type: 'text', text };
      default:
        return part;
    }
  });
  // Each part keeps its kind, but for a file, which becomes the text that every message with files may hold.
  return { ...message, content } as Message;
}

function isMarked(providerOptions: SharedV4ProviderOptions | undefined): boolean {
  return providerOptions?.['memagent']?.['document'] === true;
}

const isText = /^(?:text(?:\/|$)|application\/(?:json|jsonl|xml|xhtml\+xml)$)/i;
const isBook =
  /^application\/(?:pdf|epub\+zip|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)$/i;

/** Text of any kind, and the formats that sources have. */
function isReadable({ mediaType }: LanguageModelV4FilePart): boolean {
  return isText.test(mediaType) || isBook.test(mediaType);
}

/** The text of a file that is one. */
function textOf({ data, mediaType }: LanguageModelV4FilePart): string | undefined {
  if (data.type === 'text') return data.text;
  if (data.type !== 'data' || !isText.test(mediaType)) return undefined;
  return new TextDecoder().decode(bytesOf(data.data));
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'base64') : data;
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
