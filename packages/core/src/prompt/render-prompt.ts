import type { StepKind } from '../reader/reader.ts';
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { joinMemories } from './join-memories.ts';
import type { PromptTemplate, SlotName } from './template.ts';

/** What each step's prompt is filled with. An empty memory is shown as the template's phrase for that. */
export interface PromptSlots {
  update: {
    question: string;
    memory: string;
    section: string;
    /** 1-based number of the section in the run. */
    number: number;
    /** Most words that the new memory may have, see `memoryWords`. */
    words: number;
  };
  merge: { question: string; memories: readonly string[]; words: number };
  answer: { question: string; memory: string };
}

/** Words per token that are safe to ask for: English has about 0.75, names and marks bring it down. */
const wordsPerToken = 0.6;

/** The limit in words that a model is told for a budget in tokens. Models count words, badly, but not tokens. */
export function memoryWords(memoryTokens: number): number {
  return Math.floor(memoryTokens * wordsPerToken);
}

/** The budget in tokens that a limit in words came from, never more than it was. */
export function wordsToTokens(words: number): number {
  return Math.floor(words / wordsPerToken);
}

/**
 * The messages of one request. Values go in verbatim and are never expanded again: a document that contains
 * "{memory}" is harmless.
 */
export function renderPrompt<Step extends StepKind>(
  template: PromptTemplate,
  step: Step,
  slots: PromptSlots[Step],
): PromptMessage[] {
  const values = slotTexts(template, slots);
  const content = template.steps[step]
    .map((piece) => (typeof piece === 'string' ? piece : values[piece.slot]))
    .join('');
  return messagesOf(template, content);
}

/** The user's message, after the template's system message if it has one. */
export function messagesOf({ system }: PromptTemplate, content: string): PromptMessage[] {
  const user: PromptMessage = { role: 'user', content };
  return system === undefined ? [user] : [{ role: 'system', content: system }, user];
}

function slotTexts(
  template: PromptTemplate,
  slots: PromptSlots[StepKind],
): Partial<Record<SlotName, string>> {
  const show = (memory: string): string => (memory === '' ? template.emptyMemory : memory);
  return {
    question: slots.question,
    ...('memory' in slots ? { memory: show(slots.memory) } : {}),
    ...('memories' in slots ? { memories: joinMemories(slots.memories.map(show)) } : {}),
    ...('section' in slots ? { section: slots.section, number: String(slots.number) } : {}),
    ...('words' in slots ? { words: String(slots.words) } : {}),
  };
}
