/** How the tiny model is asked: a template of core's format in its own words, and the chat template around it. */
import { parseTemplate, type PromptTemplate } from '@memagent/core';

const withoutGate = `
=== update ===
section {section} memory {memory} {question} update
=== merge ===
memory {memories} {question} update
=== answer ===
memory {memory} {question} answer
=== empty-memory ===
empty
=== not-found ===
nothing
`;

/** The template; with the gate, the one word `keep` leaves the memory as it is. */
export const tinyTemplate: PromptTemplate = parseTemplate(`${withoutGate}=== keep ===\nkeep\n`, 'tiny');

/** The same without the gate: every section is answered with the whole memory. */
export const tinyTemplateWithoutGate: PromptTemplate = parseTemplate(withoutGate, 'tiny-without-gate');

/** The chat template: the message, and the token after which the reply begins. */
export const tinyChatTemplate =
  '{% for message in messages %}{{ message.content }} {% endfor %}{% if add_generation_prompt %}<reply>{% endif %}';

/**
 * A section of the tiny tasks is a paragraph. With room for a few tokens more, and not for two paragraphs, the agent
 * cuts exactly there.
 */
export const roomTokens = 4;

/** The budgets of the tiny model's window, for the published tasks. */
export const tinyBudgets = Object.freeze({
  window: 128,
  sectionTokens: 56 + roomTokens,
  memoryTokens: 16,
  outputTokens: 16,
  questionTokens: 16,
});
