/** A named recipe that `memagent train --preset NAME` runs. */
import type { TrainingBackend } from '../backend/backend.ts';
import type { TrainingConfig, TrainingConfigInput } from '../trainer/training-config.ts';
import type { TrainingSetup } from '../trainer/training-setup.ts';

export interface TrainingPreset {
  /** What `--preset` calls it. */
  name: string;
  /** One line: what is trained on what, and about how long it takes on two CPU cores. */
  summary: string;
  /** The recipe's configuration; the command line may change parts of it. */
  config: TrainingConfigInput;
  /** Makes the policy and its samples. `close` frees what it made. */
  prepare(options: PresetOptions): Promise<PreparedPreset>;
}

export interface PresetOptions {
  /** The checked configuration, changes included. */
  config: TrainingConfig;
  /** Folder of data that replaces the preset's own, where it reads any. */
  data?: string;
  /** Trains there instead of here. Refused by presets whose policy is not a language model of tokens. */
  engine?: RemoteEngine;
  signal?: AbortSignal;
}

/** An engine elsewhere that takes prompts as token ids. */
export interface RemoteEngine {
  backend: TrainingBackend<readonly number[]>;
  /** The engine of the KL term; made when it is first asked. */
  reference: TrainingBackend<readonly number[]>;
  close(): Promise<void>;
}

/** A setup whose observations only the preset knows. */
export interface PreparedPreset {
  setup: TrainingSetup<unknown>;
  close(): Promise<void>;
}
