import { expect, test } from 'vitest';
import { answerRule } from '../reader/extractive-answer.ts';
import { createExtractiveReader } from '../reader/extractive-reader.ts';
import { evidenceReaderSettings, restoreEvidenceReader } from './evidence-reader-settings.ts';

test('without a model, they name the weights and the rule of the answer', () => {
  const settings = evidenceReaderSettings('v1', undefined);
  expect(settings).toEqual({ weights: 'v1', answer: answerRule });
  expect(restoreEvidenceReader(null, settings)).toEqual({});
});

test("a model's template and sampling are found again", () => {
  const template = { name: 'short' };
  const model = { ...createExtractiveReader(), settings: { template, sampling: { temperature: 0.2 } } };
  const settings = evidenceReaderSettings('v1', model);
  expect(restoreEvidenceReader('openai/m', settings)).toMatchObject({ template, temperature: 0.2 });
});
