/**
 * Reads a prompt back into what it was filled with: the inverse of `renderPrompt`, from the same template. The
 * test server follows prompts with it. Exact as long as no value contains the literal text that follows its
 * slot; the value that is met last is bounded by the prompt's end, so nothing inside it can mislead.
 */
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { splitMemories } from './join-memories.ts';
import type { PromptSlots } from './render-prompt.ts';
import type { PromptTemplate, SlotName, TemplatePiece } from './template.ts';

/** A step with its values. `number` and `words` are absent where the template does not show them. */
export type MatchedPrompt =
  | { step: 'update'; slots: Optional<PromptSlots['update'], 'number' | 'words'> }
  | { step: 'merge'; slots: Optional<PromptSlots['merge'], 'words'> }
  | { step: 'answer'; slots: PromptSlots['answer'] };

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** The step and values of a prompt; undefined for one that the template did not make. */
export function matchPrompt(
  template: PromptTemplate,
  messages: readonly PromptMessage[],
): MatchedPrompt | undefined {
  const content = userText(template, messages);
  if (content === undefined) return undefined;
  return matchUpdate(template, content) ?? matchMerge(template, content) ?? matchAnswer(template, content);
}

/** The user's message, if it stands as the template has it: alone, or after the system message. */
export function userText(template: PromptTemplate, messages: readonly PromptMessage[]): string | undefined {
  const user = messages.at(-1);
  const before = messages.slice(0, -1);
  const system = template.system === undefined ? [] : [template.system];
  if (user?.role !== 'user' || before.length !== system.length) return undefined;
  if (before.some((message, index) => message.role !== 'system' || message.content !== system[index])) {
    return undefined;
  }
  return user.content;
}

function matchUpdate(template: PromptTemplate, text: string): MatchedPrompt | undefined {
  const values = matchPieces(template.steps.update, text);
  const { question, memory, section } = values ?? {};
  if (!values || question === undefined || memory === undefined || section === undefined) return undefined;
  const number = values.number === undefined ? {} : { number: Number(values.number) };
  return {
    step: 'update',
    slots: { question, memory: hide(template, memory), section, ...number, ...wordsOf(values) },
  };
}

function matchMerge(template: PromptTemplate, text: string): MatchedPrompt | undefined {
  const values = matchPieces(template.steps.merge, text);
  const memories = splitMemories(values?.memories ?? ' ')?.map((memory) => hide(template, memory));
  if (!values || values.question === undefined || !memories) return undefined;
  return { step: 'merge', slots: { question: values.question, memories, ...wordsOf(values) } };
}

function matchAnswer(template: PromptTemplate, text: string): MatchedPrompt | undefined {
  const { question, memory } = matchPieces(template.steps.answer, text) ?? {};
  if (question === undefined || memory === undefined) return undefined;
  return { step: 'answer', slots: { question, memory: hide(template, memory) } };
}

function wordsOf({ words }: SlotValues): { words?: number } {
  return words === undefined ? {} : { words: Number(words) };
}

function hide(template: PromptTemplate, memory: string): string {
  return memory === template.emptyMemory ? '' : memory;
}

type SlotValues = Partial<Record<SlotName, string>>;

/**
 * Values that make `pieces` equal to `text`: each runs up to the first place where the literal text after it
 * stands, the last one up to the end. A slot that comes again is literal text from its second place on.
 */
export function matchPieces(pieces: readonly TemplatePiece[], text: string): SlotValues | undefined {
  const values: SlotValues = {};
  let at = 0;
  let next = 0;
  let open: SlotName | undefined;
  do {
    let literal = '';
    for (; next < pieces.length; next += 1) {
      const piece = pieces[next]!;
      const known = typeof piece === 'string' ? piece : values[piece.slot];
      if (known === undefined) break;
      literal += known;
    }
    const isLast = next === pieces.length;
    if (open === undefined) {
      if (!text.startsWith(literal, at)) return undefined;
    } else {
      const end = isLast ? text.length - literal.length : text.indexOf(literal, at);
      if (end < at || !text.startsWith(literal, end)) return undefined;
      values[open] = text.slice(at, end);
      if (isNumeric(open) && !/^\d+$/.test(values[open]!)) return undefined;
      at = end;
    }
    at += literal.length;
    open = undefined;
    const piece = pieces[next];
    if (piece !== undefined && typeof piece !== 'string' && values[piece.slot] === undefined) {
      open = piece.slot;
      next += 1;
    }
  } while (next < pieces.length || open !== undefined);
  return at === text.length ? values : undefined;
}

function isNumeric(slot: SlotName): boolean {
  return slot === 'number' || slot === 'words';
}
