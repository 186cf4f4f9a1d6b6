/** One step of reading by picks: from what is there to an observation, and from the picks to the new memory. */
import type { Memory, StepContext } from '../reader/reader.ts';
import {
  type EvidenceMemory,
  joinEvidenceMemories,
  parseEvidenceMemory,
  renderEvidenceMemory,
} from './evidence-memory.ts';
import { parseEvidenceQuestion } from './evidence-question.ts';
import { type EvidenceSentence, evidenceSentences } from './evidence-sentence.ts';
import type { EvidenceObservation } from './observation.ts';
import { countSentences, observe } from './observe.ts';
import type { Lexicon } from './term-hash.ts';

export interface EvidenceStep {
  observation: EvidenceObservation;
  /** The memory that the picks make. */
  write(picks: readonly number[]): Memory;
}

export interface EvidenceStepInput {
  question: string;
  /** One for an update, several for a merge. */
  memories: readonly Memory[];
  /** The section of an update. */
  section?: { number: number; text: string };
}

/** What steps need beside their input. */
export interface EvidenceStepTools {
  lexicon: Lexicon;
  sketch: Uint8Array;
  /** The sentences of a section; may remember them. Default: `evidenceSentences`. */
  sentencesOf?: (text: string, mark: number, lexicon: Lexicon) => readonly EvidenceSentence[];
}

export function prepareEvidenceStep(
  { question: asked, memories, section }: EvidenceStepInput,
  { lexicon, sketch, sentencesOf = evidenceSentences }: EvidenceStepTools,
  { tokenizer, window }: Pick<StepContext, 'tokenizer' | 'window'>,
): EvidenceStep {
  const question = parseEvidenceQuestion(asked, lexicon);
  const budget = window.memoryTokens;
  const read = section ? sentencesOf(section.text, section.number, lexicon) : [];
  const old = joinEvidenceMemories(memories.map((memory) => parseEvidenceMemory(memory, question, lexicon)));
  const memory = section ? countSentences(old, read, question) : old;
  const observation = observe({ question, memory, read, sketch, tokenizer, budget });
  return {
    observation,
    write(picks) {
      const kept = [...picks].filter((pick) => pick < observation.candidates.length);
      let written = writeMemory(observation, memory, kept);
      // A line may count more tokens beside its neighbours than alone, so the whole is counted once more.
      while (tokenizer.count(written.text) > budget && kept.pop() !== undefined)
        written = writeMemory(observation, memory, kept);
      return written;
    },
  };
}

/** The picked sentences in the order of the document. */
function writeMemory(
  { candidates }: EvidenceObservation,
  memory: EvidenceMemory,
  picks: readonly number[],
): Memory {
  const picked = picks
    .flatMap((pick) => candidates[pick] ?? [])
    .toSorted((a, b) => (a.sentence.marks[0] ?? 0) - (b.sentence.marks[0] ?? 0));
  return renderEvidenceMemory(
    { ...memory, lines: picked.map((match) => ({ sentence: match.sentence, masks: match })) },
    picked.map(({ line }) => line).join('\n'),
  );
}
