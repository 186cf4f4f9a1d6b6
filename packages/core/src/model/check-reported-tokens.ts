import type { StepContext } from '../reader/reader.ts';
import type { CallRequest } from './call-model.ts';

/**
 * Compares the server's count of the prompt with ours. Clearly fewer tokens mean that the server cut it, which
 * is said loudly and never learned from; otherwise an inexact tokenizer learns from the difference.
 */
export async function checkReportedTokens(
  reported: number | undefined,
  { messages, promptTokens: counted }: Pick<CallRequest, 'messages' | 'promptTokens'>,
  context: StepContext,
): Promise<void> {
  if (!reported || counted < 256) return;
  const { learner } = context.tokenizer;
  // An inexact count is an upper bound, which may be far above the truth: the tokenizer knows how far.
  const least = learner?.least(messages) ?? counted * 0.85;
  if (reported < least - 32) {
    await context.notifyOnce(
      'prompt-cut',
      `The server read only ${reported} tokens of a prompt of about ${counted}: it cuts prompts silently, and the answer cannot be trusted. Raise its context length to at least ${context.window.window} (Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH; llama.cpp: -c), or lower the window.`,
      { counted, reported },
    );
    return;
  }
  if (!learner) return;
  context.learn(learner.report(messages, reported));
  await context.notifyOnce(
    'tokenizer-calibrated',
    `Token counts are upper bounds, corrected by what the server reports (${reported} tokens where ${counted} were counted). Name the model's tokenizer for exact ones.`,
    { counted, reported },
  );
}
