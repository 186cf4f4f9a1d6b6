/**
 * A prompt template: the words of every request, as a text file that users can replace. Parts are opened by
 * lines `=== name ===`:
 *
 *   update         required; slots {question} {memory} {section}, and if wanted {number} {words}
 *   answer         required; slots {question} {memory}
 *   merge          slots {question} {memories}, and if wanted {words}; default: the default template's
 *   structured-answer, extract, invalid-reply
 *                  for answers and records that follow a schema, see `StructuredPrompts`; default: the default
 *                  template's
 *   system         a system message before each request; default: none
 *   empty-memory   stands for {memory} while there is none; default: the default template's
 *   not-found      what the model is to write when the document does not say; default: the default template's
 *   keep           what the model may write instead of a memory to keep the old one as it is; default: nothing is
 *
 * {memory}, {section}, {memories} and {before} stand once in a part, the other slots as often as wanted. {empty-memory},
 * {not-found} and, where it is declared, {keep} are slots of all parts but the phrases, so that each phrase is written
 * once. `{{` and `}}` are literal braces. A brace that does not enclose a name is literal too: `\boxed{}` needs no escaping. Blank lines around a
 * part do not count. All is checked when a template is loaded, nothing later.
 */
import { readFile } from 'node:fs/promises';
import { MemagentError, messageOf } from '../errors.ts';
import type { StepKind } from '../reader/reader.ts';
import { defaultTemplateText } from './default-template-text.ts';
import { invalidTemplate, splitParts, type PartName, type RawPart } from './template-parts.ts';

/** What a prompt is filled with. */
export type SlotName =
  | 'question'
  | 'memory'
  | 'section'
  | 'number'
  | 'words'
  | 'memories'
  | 'schema'
  | 'instructions'
  | 'before'
  | 'problem';

/** A stretch of literal text, or a place to fill. */
export type TemplatePiece = string | { readonly slot: SlotName };

/** A checked template. Plain data: equal templates have equal JSON. */
export interface PromptTemplate {
  readonly name: string;
  /** The system message that precedes each request. */
  readonly system?: string;
  /** The user message of each step, with every required slot in it. */
  readonly steps: Readonly<Record<StepKind, readonly TemplatePiece[]>>;
  readonly structured: StructuredPrompts;
  /** Stands for the memory while there is none. */
  readonly emptyMemory: string;
  /** What an answer says when the document does not hold it, see `isNotFound`. */
  readonly notFound: string;
  /** A reply to `update` that keeps the memory as it is, see `isKeep`. Absent: every reply is a memory. */
  readonly keep?: string;
}

/** The user messages that ask for JSON. */
export interface StructuredPrompts {
  /** Slots {question} {schema} {memory}: the answer as JSON. */
  readonly answer: readonly TemplatePiece[];
  /** Slots {instructions} {schema} {before} {section}: all records of a section; {before} ends the one before it. */
  readonly extract: readonly TemplatePiece[];
  /** Slot {problem}: added to either when the reply to it was of no use. */
  readonly invalid: readonly TemplatePiece[];
}

interface Slots {
  required: readonly SlotName[];
  optional: readonly SlotName[];
}

const noSlots: Slots = { required: [], optional: [] };

const slotsOf: Record<StepKind, Slots> = {
  update: { required: ['question', 'memory', 'section'], optional: ['number', 'words'] },
  merge: { required: ['question', 'memories'], optional: ['words'] },
  answer: { required: ['question', 'memory'], optional: [] },
};

const structuredSlots: Record<keyof StructuredPrompts, Slots> = {
  answer: { required: ['question', 'schema', 'memory'], optional: [] },
  extract: { required: ['instructions', 'schema', 'before', 'section'], optional: [] },
  invalid: { required: ['problem'], optional: [] },
};

/** What the window is divided for: each may stand once in a part. The others are short, or counted as they stand. */
const filledOnce: ReadonlySet<SlotName> = new Set(['memory', 'section', 'memories', 'before']);

/** Reads a template from its text; `name` is for messages. Throws `invalid-template` with name and line. */
export function parseTemplate(text: string, name: string): PromptTemplate {
  const own = splitParts(text, name);
  const part = (partName: PartName): RawPart => {
    const found = own.get(partName) ?? defaultPart(partName);
    if (found) return found;
    const end = text.trimEnd().split('\n').length;
    throw invalidTemplate(name, end, `part "${partName}" is missing; begin it with "=== ${partName} ==="`);
  };
  const emptyMemory = parseText(part('empty-memory'), {});
  const notFound = parseText(part('not-found'), {});
  const keepPart = own.get('keep');
  const keep = keepPart && parseText(keepPart, {});
  const phrases = {
    'empty-memory': emptyMemory,
    'not-found': notFound,
    ...(keep === undefined ? {} : { keep }),
  };
  const system = own.get('system');
  const step = (kind: StepKind): TemplatePiece[] => parsePieces(part(kind), slotsOf[kind], phrases);
  return {
    name,
    ...(system ? { system: parseText(system, phrases) } : {}),
    steps: { update: step('update'), merge: step('merge'), answer: step('answer') },
    structured: {
      answer: parsePieces(part('structured-answer'), structuredSlots.answer, phrases),
      extract: parsePieces(part('extract'), structuredSlots.extract, phrases),
      invalid: parsePieces(part('invalid-reply'), structuredSlots.invalid, phrases),
    },
    emptyMemory,
    notFound,
    ...(keep === undefined ? {} : { keep }),
  };
}

/** Reads a template file (UTF-8). Throws `invalid-template`, also when the file cannot be read. */
export async function loadTemplate(path: string): Promise<PromptTemplate> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MemagentError(
      `Template ${path} cannot be read: ${messageOf(cause)}. Give the path of a template file.`,
      { code: 'invalid-template', data: { template: path }, cause },
    );
  }
  return parseTemplate(text, path);
}

/** The parts that a template may leave out. The two steps that make up the method are never mixed. */
function defaultPart(partName: PartName): RawPart | undefined {
  if (partName === 'update' || partName === 'answer') return undefined;
  return splitParts(defaultTemplateText, 'default').get(partName);
}

function parseText(raw: RawPart, phrases: Record<string, string>): string {
  return parsePieces(raw, noSlots, phrases).join('');
}

function parsePieces(
  raw: RawPart,
  { required, optional }: Slots,
  phrases: Record<string, string>,
): TemplatePiece[] {
  const slots = new Map([...required, ...optional].map((slot) => [slot as string, slot]));
  const pieces: TemplatePiece[] = [];
  let literal = '';
  let at = 0;
  for (const match of raw.text.matchAll(/\{\{|\}\}|\{([a-z][a-z0-9_-]*)\}/gi)) {
    literal += raw.text.slice(at, match.index);
    at = match.index + match[0].length;
    const name = match[1];
    const slot = slots.get(name ?? '');
    if (name === undefined) {
      literal += match[0].slice(1);
    } else if (slot) {
      if (filledOnce.has(slot) && pieces.some((piece) => isSlot(piece, slot))) {
        const problem = `slot {${slot}} again in part "${raw.part}"; the window has room for it once`;
        throw invalidTemplate(raw.template, lineOf(raw, match.index), problem);
      }
      if (literal !== '') pieces.push(literal);
      pieces.push({ slot });
      literal = '';
    } else if (Object.hasOwn(phrases, name)) {
      literal += phrases[name];
    } else {
      const accepted = [...slots.keys(), ...Object.keys(phrases)].map((known) => `{${known}}`).join(', ');
      throw invalidTemplate(
        raw.template,
        lineOf(raw, match.index),
        `unknown slot {${name}} in part "${raw.part}"; accepted are: ${accepted || 'none'}. For the text itself write {{${name}}}`,
      );
    }
  }
  literal += raw.text.slice(at);
  if (literal !== '') pieces.push(literal);
  const missing = required.find((slot) => !pieces.some((piece) => isSlot(piece, slot)));
  if (missing) {
    throw invalidTemplate(
      raw.template,
      raw.headerLine,
      `part "${raw.part}" lacks the slot {${missing}}; it needs ${required.map((slot) => `{${slot}}`).join(', ')}`,
    );
  }
  return pieces;
}

/** The 1-based line of the file on which the character `index` of a part stands. */
function lineOf(raw: RawPart, index: number): number {
  return raw.line + raw.text.slice(0, index).split('\n').length - 1;
}

function isSlot(piece: TemplatePiece, slot: SlotName): boolean {
  return typeof piece !== 'string' && piece.slot === slot;
}
