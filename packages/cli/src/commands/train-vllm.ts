import { resolve } from 'node:path';
import { describeExport } from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import { quoteForShell } from '../format/quote-for-shell.ts';
import type { Shell } from '../shell.ts';

/** Values that vLLM takes for `--max-lora-rank`. */
const maxLoraRanks = [1, 8, 16, 32, 64, 128, 256, 320, 512];

/** `memagent train vllm`: checks an unpacked checkpoint, and says how vLLM serves it. Returns the exit code. */
export async function serveByVllm(folder: string, shell: Shell): Promise<number> {
  const path = resolve(shell.cwd, folder);
  const found = await describeExport(path);
  if (found.kind === 'model') {
    await shell.print(`vllm serve ${quoteForShell(path)} --served-model-name memagent\n`);
    return exitCodes.answered;
  }
  const { baseModel = 'BASE_MODEL', rank, modules } = found;
  shell.say(`An adapter of rank ${rank} on ${modules.join(', ')}.`);
  const maxRank = maxLoraRanks.find((one) => one >= rank) ?? rank;
  await shell.print(
    `vllm serve ${quoteForShell(baseModel)} --enable-lora --max-lora-rank ${maxRank} --lora-modules ${quoteForShell(`memagent=${path}`)}\n`,
  );
  return exitCodes.answered;
}
