import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createCli } from '../call-cli.ts';

const callCli = createCli();
const tiny = fileURLToPath(new URL('../../../train/checkpoints/tiny', import.meta.url));

test('a checkpoint is checked, and the command that serves it is printed', async () => {
  const { code, stdout } = await callCli(['train', 'vllm', tiny]);
  expect(code).toBe(0);
  expect(stdout).toBe(`vllm serve ${tiny} --served-model-name memagent\n`);
});

test('a folder that vLLM would not load is refused with what is wrong', async () => {
  const { code, stderr } = await callCli(['train', 'vllm', '.']);
  expect(stderr).toMatch(/vLLM cannot serve .*: it has neither an adapter_config\.json nor a config\.json/);
  expect(code).not.toBe(0);
});
