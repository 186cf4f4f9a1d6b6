import { pathToFileURL } from 'node:url';
import { MemagentError } from '@memagent/core';
import type { TrainingPreset } from '../presets/preset.ts';
import type { TrainingSetup } from '../trainer/training-setup.ts';
import { loadEvidenceData } from './evidence-data.ts';
import { createEvidenceSetup, evidenceConfig } from './evidence-setup.ts';

/** The recipe of the evidence reader's shipped weights. */
export const evidencePreset: TrainingPreset = {
  name: 'evidence',
  summary:
    'The evidence reader on 1,690 questions of HotpotQA, MuSiQue, 2WikiMultihopQA and SQuAD: supervised warm-up, then Multi-Conv DAPO; about ten minutes on two shared cores.',
  config: evidenceConfig,
  async prepare({ config, data, engine }) {
    if (engine) {
      throw new MemagentError(
        'The preset evidence trains a reader of features, not of tokens: it has no use for a backend elsewhere. Leave out --backend.',
        { code: 'invalid-option', data: { option: 'backend' } },
      );
    }
    const rows = await loadEvidenceData(data === undefined ? undefined : pathToFileURL(`${data}/`));
    const setup = await createEvidenceSetup(rows, config.seed, `evidence-${config.seed}`);
    return { setup: setup as TrainingSetup<unknown>, close: () => setup.backend.close() };
  },
};
