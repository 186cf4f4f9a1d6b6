import type { Json } from '../json.ts';
import { answerRule } from '../reader/extractive-answer.ts';
import { restoreModelReader } from '../reader/model-reader-settings.ts';
import type { Reader } from '../reader/reader.ts';

/** All that decides what the evidence reader writes: its weights' name, and how the answer is made. */
export function evidenceReaderSettings(version: string, model: Reader | undefined): Json {
  return { weights: version, answer: model ? model.settings : { ...answerRule } };
}

/** The template and sampling that a run's language model answers with; nothing where it quotes. */
export function restoreEvidenceReader(
  model: string | null,
  settings: Json,
): Partial<ReturnType<typeof restoreModelReader>> {
  return model === null ? {} : restoreModelReader((settings as { answer: Json }).answer);
}
