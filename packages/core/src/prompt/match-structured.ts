/** Reads a prompt that asks for JSON back into what it was filled with: the inverse of `renderStructured`. */
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { matchPieces, userText } from './match-prompt.ts';
import { problemSeparator, type StructuredSlots, type StructuredStep } from './render-structured.ts';
import type { PromptTemplate } from './template.ts';

/** A prompt with its values; `problem` says what was wrong with the reply before. */
export type MatchedStructured = {
  [Step in StructuredStep]: { step: Step; slots: StructuredSlots[Step]; problem?: string };
}[StructuredStep];

/** The values of a prompt; undefined for one that the template did not make. Exact as `matchPrompt` is. */
export function matchStructured(
  template: PromptTemplate,
  messages: readonly PromptMessage[],
): MatchedStructured | undefined {
  const text = userText(template, messages);
  if (text === undefined) return undefined;
  const { answer, extract, invalid } = template.structured;
  for (const suffix of [[], [problemSeparator, ...invalid]]) {
    const asked = matchPieces([...answer, ...suffix], text);
    if (asked) {
      const { question = '', schema = '', memory = '', problem } = asked;
      const shown = memory === template.emptyMemory ? '' : memory;
      return { step: 'answer', slots: { question, schema, memory: shown }, ...told(problem) };
    }
    const searched = matchPieces([...extract, ...suffix], text);
    if (searched) {
      const { instructions = '', schema = '', before = '', section = '', problem } = searched;
      return { step: 'extract', slots: { instructions, schema, before, section }, ...told(problem) };
    }
  }
  return undefined;
}

function told(problem: string | undefined): { problem?: string } {
  return problem === undefined ? {} : { problem };
}
