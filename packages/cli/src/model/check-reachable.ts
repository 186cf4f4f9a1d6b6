import { usageError } from '../usage-error.ts';
import { reasonOf } from './list-models.ts';
import { type ModelSpec, describeModel } from './model-spec.ts';

const timeoutMs = 3000;

/**
 * Throws if nobody listens where the model should be, which the run itself would only believe after a minute of
 * retries. A server that is slow or answers with an error is the run's own business.
 */
export async function checkReachable(spec: ModelSpec, signal: AbortSignal): Promise<void> {
  if (spec.provider !== 'ollama' && spec.provider !== 'compatible') return;
  try {
    const response = await fetch(`${spec.baseUrl}/models`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'TimeoutError') return;
    const remedy =
      spec.provider === 'ollama'
        ? 'Start it (ollama serve), or say where it listens in OLLAMA_HOST.'
        : 'Check that the server runs and that --base-url is its address.';
    throw usageError(`${describeModel(spec)} cannot be reached: ${reasonOf(error)}. ${remedy}`, error);
  }
}
