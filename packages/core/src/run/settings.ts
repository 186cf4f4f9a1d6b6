import type { Json } from '../json.ts';

/** All that decides what a run writes, kept with the run and compared when it is resumed. */
export interface RunSettings {
  question: string;
  reader: string;
  readerSettings: Json;
  /** `provider/modelId`, or null when no language model is used. */
  model: string | null;
  strategy: string;
  tokenizer: string;
  window: number;
  sectionTokens: number;
  memoryTokens: number;
  outputTokens: number;
  questionTokens: number;
}
