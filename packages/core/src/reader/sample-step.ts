/** Surroundings and sections for the tests of readers. */
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Section } from '../section/section.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { StepContext } from './reader.ts';

/** Counts every four UTF-16 units as a token: quick, exact by its own measure, and not additive. */
export const sampleTokenizer: Tokenizer = {
  name: 'four',
  exact: true,
  count: (text) => Math.ceil(text.length / 4),
  countPrompt: (messages) =>
    messages.reduce((sum, { content }) => sum + 8 + Math.ceil(content.length / 4), 8),
};

/** A step outside of a run: nothing is stored, limited or reported. */
export function sampleContext({
  memoryTokens = 1024,
  signal = new AbortController().signal,
}: { memoryTokens?: number; signal?: AbortSignal } = {}): StepContext {
  return {
    step: 'update/1',
    tokenizer: sampleTokenizer,
    window: {
      window: 16_384,
      sectionTokens: 8000,
      memoryTokens,
      outputTokens: 1024,
      questionTokens: 1024,
      mergeTokens: 8000,
      evidenceTokens: 8000,
      overhead: { update: 512, merge: 512, answer: 512 },
    },
    signal,
    telemetry: ROOT_CONTEXT,
    emit: () => Promise.resolve(),
    learn: () => {},
    notifyOnce: () => Promise.resolve(),
    spend: () => {},
    admit: () => () => {},
  };
}

/** A section of one source, at its beginning. */
export function sampleSection(number: number, text: string): Section {
  const end = text.length;
  const byteEnd = Buffer.byteLength(text);
  return {
    number,
    tokens: sampleTokenizer.count(text),
    text,
    spans: [{ source: 0, start: 0, end, byteStart: 0, byteEnd, textStart: 0 }],
  };
}
