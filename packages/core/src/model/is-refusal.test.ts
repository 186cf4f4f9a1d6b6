import { expect, test } from 'vitest';
import { isRefusal } from './is-refusal.ts';

test.each([
  "I'm sorry, but I can't assist with that.",
  'I’m sorry, but I can’t help with that request.',
  'I cannot help with this request.',
  'Sorry, I am unable to comply.',
  "I'm sorry. I can't continue with this.",
  'I cannot provide that information.',
  'As an AI language model, I cannot assist with this.',
  "I apologize, but I'm not able to help you with that. Is there something else I can help with?",
  'I must decline.',
  'We are unable to process your request at this time.',
  "I can't discuss this topic. Please let me know if you have another question!",
  'I cannot continue, as this goes against my guidelines.',
  "**I can't help with that.**",
  'Unfortunately, I cannot answer this question.',
])('a refusal: %s', (text) => {
  expect(isRefusal(text)).toBe(true);
});

test.each([
  '',
  'Sorry.',
  "I can't help it, said Anna [4].",
  'Anna is sorry that she cannot help.',
  'I cannot provide a single date: the letter is dated 12 May in one place and 14 May in the other.',
  'I cannot provide the date of the treaty because the document does not state it.',
  'I cannot answer with certainty, but Pierre probably pays the debt.',
  "I'm sorry, but I can't find the name of the horse in the text.",
  "I can't help with the exact figure. The report gives about 40 million dollars.",
  'I cannot help you with that, said the clerk; the office closes at noon.',
  "I can't do that, Dave.",
  'We cannot continue the siege, wrote Kutuzov to the Emperor.',
  "I won't help them, said the old count.",
  'I am unable to walk, the patient reported.',
  'The document does not say.',
  'The assistant replied: "I cannot help with that."',
  `I cannot help with that. ${'The prince left for the army in June. '.repeat(3)}`,
  `I cannot help with that. ${'Sorry. '.repeat(80)}`,
])('no refusal: %s', (text) => {
  expect(isRefusal(text)).toBe(false);
});
