/** The prompts that ask for JSON: an answer, or the records of a section, that follow a schema. */
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { messagesOf } from './render-prompt.ts';
import type { PromptTemplate, StructuredPrompts } from './template.ts';

/** What each prompt is filled with. */
export interface StructuredSlots {
  answer: { question: string; schema: string; memory: string };
  extract: { instructions: string; schema: string; before: string; section: string };
}

export type StructuredStep = keyof StructuredSlots;

/** What stands between a prompt and what was wrong with the reply to it. */
export const problemSeparator = '\n\n';

/** The messages of one request; `problem` says what was wrong with the reply before, where there was one. */
export function renderStructured<Step extends StructuredStep>(
  template: PromptTemplate,
  step: Step,
  slots: StructuredSlots[Step],
  problem?: string,
): PromptMessage[] {
  const values: Partial<Record<string, string>> = { ...slots };
  if ('memory' in slots && slots.memory === '') values['memory'] = template.emptyMemory;
  const fill = (part: keyof StructuredPrompts): string =>
    template.structured[part]
      .map((piece) => (typeof piece === 'string' ? piece : (values[piece.slot] ?? '')))
      .join('');
  const prompt = fill(step);
  if (problem === undefined) return messagesOf(template, prompt);
  values['problem'] = problem;
  return messagesOf(template, prompt + problemSeparator + fill('invalid'));
}
