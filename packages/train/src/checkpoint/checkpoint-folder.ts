/**
 * Checkpoints of a run: `checkpoints/step-000012/` holds the model in the Hugging Face layout as the backend wrote
 * it (`model.safetensors`, `config.json`, tokenizer files), `optimizer.safetensors`, and `trainer.json` with the
 * trainer's state and a checksum of every file. A folder gets its name when it is complete, so whatever has the
 * name is whole.
 */
import type { TrainingBackend } from '../backend/backend.ts';
import type { TrainerState } from '../trainer/trainer-state.ts';

export interface Checkpoint {
  folder: string;
  step: number;
}

/** The checkpoints in a run's folder, oldest first. */
export async function listCheckpoints(_out: string): Promise<Checkpoint[]> {
  return Promise.reject(new Error('being written'));
}

/** Saves one, then removes those older than the newest `keep`. Returns its folder. */
export async function saveCheckpoint(
  _out: string,
  _backend: TrainingBackend<unknown>,
  _state: TrainerState,
  _options: { keep: number },
): Promise<string> {
  return Promise.reject(new Error('being written'));
}

/** Checks a checkpoint and loads it into the backend; returns the trainer's state. Throws `bad-checkpoint`. */
export async function loadCheckpoint(
  _folder: string,
  _backend: TrainingBackend<unknown>,
): Promise<TrainerState> {
  return Promise.reject(new Error('being written'));
}
