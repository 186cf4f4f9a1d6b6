/**
 * Finds the document and the question in the messages of a chat, for servers and models that take prompts of any
 * length. The rules, of which the first that applies decides:
 *
 * 1. `marked-part`: parts that are marked as the document are the document; the last user message with other text
 *    is the question.
 * 2. `document-tags`: what stands between `<document>` and `</document>` is the document; the last user message with
 *    text outside of them is the question. Tags count only where the text around them could be a question, since
 *    a document may speak of tags.
 * 3. `longest-message`: with several user messages, the longest is the document and the last of the others the
 *    question. A system or tool message that is too long for a question counts as one that may be the document.
 * 4. `last-paragraph`, `first-paragraph`: of one message the last paragraph within the question's budget, else the
 *    first, is the question, and the rest the document. Where a message has several parts, a whole part at its end or
 *    beginning is tried first; where it has no blank lines, a line.
 *
 * Nothing but what may be a question is ever held in memory; the rest is looked through block by block.
 */
import { MemagentError } from '../errors.ts';
import { type ChatText, chatText } from './chat-text.ts';
import { findTags, type TagSpan } from './find-tags.ts';

/** Which rule told document and question apart. */
export type DocumentRule =
  | 'marked-part'
  | 'document-tags'
  | 'longest-message'
  | 'last-paragraph'
  | 'first-paragraph';

/** One part of a message, in the order of the chat. */
export interface ChatPart {
  /** `user`, `assistant`, `tool`, `system` or `developer`. */
  role: string;
  /** Parts with the same number are one message. */
  message: number;
  /** Whether the caller marked the part as the document. */
  isDocument?: boolean;
  /** Never looked at in marked parts, which may be files. */
  text?: ChatText;
}

/** A stretch of one part, in UTF-16 units. Without `start` and `end` it is the whole part. */
export interface ChatStretch {
  /** Index into the parts. */
  part: number;
  start?: number;
  end?: number;
}

/** What was found. */
export interface FoundDocument {
  rule: DocumentRule;
  /** In the order of the chat. */
  document: ChatStretch[];
  question: string;
  /** What system and developer messages say; empty where there are none, or too much for an instruction. */
  instructions: string;
}

export interface FindDocumentOptions {
  /** Whether a text is within the question's budget. Never asked for longer texts than `maxQuestionLength`. */
  fitsQuestion: (text: string) => boolean;
  /** In UTF-16 units: no text above this can be a question. Default 65,536. */
  maxQuestionLength?: number;
}

interface TextPart {
  index: number;
  role: string;
  message: number;
  text: ChatText;
}

/** The texts of one message. */
interface Message {
  role: string;
  parts: TextPart[];
  length: number;
}

/**
 * Tells document and question apart. Throws `document-undecided` where no rule does, and `question-too-long` where
 * the question that a rule found is longer than any question may be.
 */
export async function findDocument(
  parts: readonly ChatPart[],
  { fitsQuestion, maxQuestionLength = 65_536 }: FindDocumentOptions,
): Promise<FoundDocument> {
  const texts = parts.flatMap(({ role, message, isDocument, text }, index): TextPart[] =>
    isDocument !== true && text !== undefined && text.length > 0 ? [{ index, role, message, text }] : [],
  );
  const fits = (text: string): boolean =>
    text.trim() !== '' && text.length <= maxQuestionLength && fitsQuestion(text.trim());
  const context: Context = { texts, fits, maxQuestionLength };
  const marked = parts.flatMap(({ isDocument }, part) => (isDocument === true ? [{ part }] : []));
  const found =
    (marked.length > 0 ? await besideMarked(marked, context) : undefined) ??
    (await byTags(context)) ??
    (await byLength(context)) ??
    (await byParagraph(context));
  if (found !== undefined) return found;
  throw undecided(parts);
}

interface Context {
  texts: readonly TextPart[];
  fits: (text: string) => boolean;
  maxQuestionLength: number;
}

async function besideMarked(document: ChatStretch[], context: Context): Promise<FoundDocument> {
  const question = await lastQuestion(messagesOf(context.texts), context);
  if (question === undefined) throw noQuestion('a part is marked as the document');
  return { rule: 'marked-part', document, question, instructions: await instructionsOf(context) };
}

async function byTags(context: Context): Promise<FoundDocument | undefined> {
  const document: ChatStretch[] = [];
  const outside: TextPart[] = [];
  for (const part of context.texts) {
    const span = isInstructed(part.role) || part.role === 'user' ? await findTags(part.text) : undefined;
    const rest = span && (await textAround(part.text, span, context));
    // Where the rest is too long for a question, the tags are something that the text speaks of.
    if (span === undefined || rest === undefined) {
      outside.push(part);
      continue;
    }
    document.push({ part: part.index, start: span.start, end: span.end });
    if (rest !== '') outside.push({ ...part, text: chatText(rest) });
  }
  if (document.length === 0) return undefined;
  const rest: Context = { ...context, texts: outside };
  const question = await lastQuestion(messagesOf(outside), rest);
  if (question === undefined) throw noQuestion('the document stands between <document> tags');
  return { rule: 'document-tags', document, question, instructions: await instructionsOf(rest) };
}

async function byLength(context: Context): Promise<FoundDocument | undefined> {
  const candidates: Message[] = [];
  for (const message of messagesOf(context.texts)) {
    if (message.role === 'user') candidates.push(message);
    else if (message.role !== 'assistant' && !(await mayBeQuestion(message, context)))
      candidates.push(message);
  }
  if (candidates.length < 2) return undefined;
  const longest = candidates.reduce((best, message) => (message.length > best.length ? message : best));
  const others = candidates.filter((message) => message !== longest);
  const question = await lastQuestion(others, context);
  if (question === undefined) return undefined;
  const rest = { ...context, texts: context.texts.filter((part) => !longest.parts.includes(part)) };
  return {
    rule: 'longest-message',
    document: longest.parts.map(({ index }) => ({ part: index })),
    question,
    instructions: await instructionsOf(rest),
  };
}

async function byParagraph(context: Context): Promise<FoundDocument | undefined> {
  const message = messagesOf(context.texts).findLast(({ role }) => role === 'user');
  if (message === undefined) return undefined;
  const split =
    (await splitParts(message, context)) ??
    (await splitText(message, blankLine, context)) ??
    (await splitText(message, lineBreak, context));
  return split && { ...split, instructions: await instructionsOf(context) };
}

type Split = Omit<FoundDocument, 'instructions'>;

/** A whole part at the end, or at the beginning, of a message of several parts. */
async function splitParts({ parts }: Message, context: Context): Promise<Split | undefined> {
  if (parts.length < 2) return undefined;
  for (const [rule, place] of [
    ['last-paragraph', parts.length - 1],
    ['first-paragraph', 0],
  ] as const) {
    const question = await readShort(parts[place]?.text, context);
    if (question === undefined || !context.fits(question)) continue;
    const document = parts.toSpliced(place, 1).map(({ index }) => ({ part: index }));
    return { rule, document, question: question.trim() };
  }
  return undefined;
}

const blankLine = /\n[^\S\n]*\n\s*/g;
const lineBreak = /\n\s*/g;

/** The last, else the first, stretch of a message between two breaks. */
async function splitText(
  { parts }: Message,
  breaks: RegExp,
  { fits, maxQuestionLength }: Context,
): Promise<Split | undefined> {
  const last = parts.at(-1);
  const first = parts[0];
  if (last === undefined || first === undefined) return undefined;
  const { length } = last.text;

  const tailStart = Math.max(0, length - maxQuestionLength);
  const tail = (await last.text.read(tailStart, length)).trimEnd();
  const lastBreak = [...tail.matchAll(breaks)].at(-1);
  if (lastBreak !== undefined) {
    const question = tail.slice(lastBreak.index + lastBreak[0].length);
    const end = tailStart + lastBreak.index;
    if (fits(question) && (parts.length > 1 || (await hasText(last.text, 0, end)))) {
      const before = parts.slice(0, -1).map(({ index }) => ({ part: index }));
      const document = [...before, { part: last.index, start: 0, end }];
      return { rule: 'last-paragraph', document, question };
    }
  }

  const head = await first.text.read(0, Math.min(first.text.length, maxQuestionLength));
  const start = head.length - head.trimStart().length;
  const firstBreak = head.slice(start).matchAll(breaks).next().value;
  if (firstBreak !== undefined) {
    const question = head.slice(start, start + firstBreak.index);
    const begin = start + firstBreak.index + firstBreak[0].length;
    const end = first.text.length;
    if (fits(question) && (parts.length > 1 || (await hasText(first.text, begin, end)))) {
      const after = parts.slice(1).map(({ index }) => ({ part: index }));
      return {
        rule: 'first-paragraph',
        document: [{ part: first.index, start: begin, end }, ...after],
        question,
      };
    }
  }
  return undefined;
}

/** The text of the last user message among these. Throws `question-too-long` for one that nobody would ask. */
async function lastQuestion(
  messages: readonly Message[],
  { maxQuestionLength }: Context,
): Promise<string | undefined> {
  for (const message of messages.toReversed()) {
    if (message.role !== 'user') continue;
    if (message.length > maxQuestionLength) {
      throw new MemagentError(
        `The question has ${message.length.toLocaleString('en-US')} characters; the most are ${maxQuestionLength.toLocaleString('en-US')}. Shorten it, or mark the document by <document> tags.`,
        { code: 'question-too-long', data: { length: message.length, most: maxQuestionLength } },
      );
    }
    const text = (await readMessage(message)).trim();
    if (text !== '') return text;
  }
  return undefined;
}

/** Of system and developer messages, as far as they could be asked for together with a question. */
async function instructionsOf({ texts, fits, maxQuestionLength }: Context): Promise<string> {
  const found: string[] = [];
  for (const message of messagesOf(texts)) {
    if (!isInstructed(message.role) || message.length > maxQuestionLength) continue;
    const text = (await readMessage(message)).trim();
    if (fits([...found, text].join('\n\n'))) found.push(text);
  }
  return found.join('\n\n');
}

async function mayBeQuestion(message: Message, { fits, maxQuestionLength }: Context): Promise<boolean> {
  return message.length <= maxQuestionLength && fits(await readMessage(message));
}

async function textAround(
  text: ChatText,
  { outerStart, outerEnd }: TagSpan,
  { fits, maxQuestionLength }: Context,
): Promise<string | undefined> {
  if (outerStart + text.length - outerEnd > maxQuestionLength) return undefined;
  const around = [await text.read(0, outerStart), await text.read(outerEnd, text.length)];
  const rest = around
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .join('\n\n');
  return rest === '' || fits(rest) ? rest : undefined;
}

async function readMessage({ parts }: Message): Promise<string> {
  const texts: string[] = [];
  for (const { text } of parts) texts.push(await text.read(0, text.length));
  return texts.join('\n\n');
}

async function readShort(
  text: ChatText | undefined,
  { maxQuestionLength }: Context,
): Promise<string | undefined> {
  return text && text.length <= maxQuestionLength ? text.read(0, text.length) : undefined;
}

/** Whether anything but white space stands there; a long stretch is looked at where it begins. */
async function hasText(text: ChatText, start: number, end: number): Promise<boolean> {
  return (await text.read(start, Math.min(end, start + 65_536))).trim() !== '';
}

function messagesOf(texts: readonly TextPart[]): Message[] {
  const messages = new Map<number, Message>();
  for (const part of texts) {
    const message = messages.get(part.message) ?? { role: part.role, parts: [], length: 0 };
    message.parts.push(part);
    message.length += part.text.length;
    messages.set(part.message, message);
  }
  return [...messages.values()];
}

function isInstructed(role: string): boolean {
  return role === 'system' || role === 'developer';
}

function noQuestion(where: string): MemagentError {
  return new MemagentError(
    `There is no question: ${where}, and no user message has any other text. Ask in the last user message.`,
    { code: 'document-undecided' },
  );
}

function undecided(parts: readonly ChatPart[]): MemagentError {
  const sizes = parts.map(({ role, text }) => `${role}: ${text?.length ?? 0} characters`).slice(0, 8);
  return new MemagentError(
    `Document and question cannot be told apart (${sizes.join(', ') || 'no messages'}). Put the document between <document> and </document>, or send it as a user message of its own, and ask in the last one.`,
    { code: 'document-undecided' },
  );
}
