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
 * The parts of a prompt, in order. A part whose `providerOptions.memagent.document` is true is marked as the document,
 * and so is every file that can be read as one, if `readsFiles`.
 */
export function listPromptParts(prompt: LanguageModelV4Prompt, readsFiles: boolean): PromptPart[] {
  return prompt.flatMap((message, index): PromptPart[] => {
    const { role } = message;
    const of = (content: string, part?: number, providerOptions?: SharedV4ProviderOptions): PromptPart => ({
      role,
      message: index,
      content,
      text: chatText(content),
      place: { message: index, ...(part === undefined ? {} : { part }) },
      isDocument: isMarked(providerOptions),
    });
    if (role === 'system') return [of(message.content, undefined, message.providerOptions)];
    return message.content.flatMap((part, at): PromptPart[] => {
      switch (part.type) {
        case 'text':
          return [of(part.text, at, part.providerOptions)];
        case 'file': {
          const isDocument = isMarked(part.providerOptions) || (readsFiles && isReadable(part));
          if (part.data.type === 'text') return [{ ...of(part.data.text, at), isDocument, file: part }];
          if (!isDocument || part.data.type !== 'data') return [];
          return [
            {
              role,
              message: index,
              content: '',
              place: { message: index, part: at },
              isDocument,
              file: part,
            },
          ];
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
    const part = parts[index];
    const name = part?.file?.filename ?? (document.length === 1 ? 'document' : `document ${place + 1}`);
    if (part?.file?.data.type !== 'data') return { text: part?.content.slice(start, end) ?? '', name };
    const { data } = part.file.data;
    const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : data;
    return { stream: only(bytes), name, mediaType: part.file.mediaType };
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

/** Text of any kind, and the formats that sources have. */
function isReadable({ mediaType }: LanguageModelV4FilePart): boolean {
  return /^(?:text(?:\/|$)|application\/(?:pdf|json|jsonl|xml|xhtml\+xml|epub\+zip|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)$)/i.test(
    mediaType,
  );
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
