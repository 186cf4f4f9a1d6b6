import type { StepContext } from '../reader/reader.ts';

/**
 * Compares the server's count of the prompt with ours. Clearly fewer tokens mean that the server cut it, which
 * is said loudly and never used to calibrate; otherwise an inexact tokenizer learns from the difference.
 */
export async function checkReportedTokens(
  reported: number | undefined,
  counted: number,
  context: StepContext,
): Promise<void> {
  if (!reported || counted < 256) return;
  const { tokenizer } = context;
  // An inexact count is an upper bound, which may be far above the truth: the tokenizer knows how far.
  const least = tokenizer.leastReported?.(counted) ?? counted * 0.85;
  if (reported < least - 32) {
    await context.notifyOnce(
      'prompt-cut',
      `The server read only ${reported} tokens of a prompt of about ${counted}: it cuts prompts silently, and the answer cannot be trusted. Raise its context length to at least ${context.window.window} (Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH; llama.cpp: -c), or lower the window.`,
      { counted, reported },
    );
    return;
  }
  const factor = tokenizer.calibrate?.(counted, reported);
  if (factor !== undefined) {
    await context.notifyOnce(
      'tokenizer-calibrated',
      `Token counts are estimates; corrected by what the server reports (${Math.round(factor * 100)}% of the allowance for an unknown tokenizer). Name the model's tokenizer for exact ones.`,
      { factor },
    );
  }
}
