import { expect, test } from 'vitest';
import type { RunSettings } from './settings.ts';
import { requireSameSettings } from './settings-difference.ts';

const settings: RunSettings = {
  question: 'Who?',
  reader: 'model',
  readerSettings: { sampling: { temperature: 0.7 }, template: { name: 'default' } },
  model: 'a/b',
  strategy: 'memory',
  tokenizer: 'o200k_base',
  window: 8192,
  sectionTokens: 5000,
  memoryTokens: 1024,
  outputTokens: 1024,
  questionTokens: 1024,
};

test('the same settings pass', () => {
  expect(() => requireSameSettings('r', settings, structuredClone(settings))).not.toThrow();
});

test('each difference is named with both values', () => {
  const other = {
    ...settings,
    window: 4096,
    readerSettings: { sampling: { temperature: 0 }, template: { name: 'default' } },
  };
  expect(() => requireSameSettings('r', settings, other)).toThrow(
    /readerSettings\.sampling\.temperature was 0\.7, is 0; window was 8192, is 4096/,
  );
});

test('a setting that is new or gone is a difference', () => {
  const other = {
    ...settings,
    readerSettings: { sampling: { temperature: 0.7, seed: 3 }, template: { name: 'default' } },
  };
  expect(() => requireSameSettings('r', settings, other)).toThrow(/sampling\.seed was not set, is 3/);
});
