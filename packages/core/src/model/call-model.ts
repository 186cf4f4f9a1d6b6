/**
 * One question to a language model, asked until there is a useful reply: under the shared limits, with a
 * time-out, retried with backoff, and with everything that was paid for counted. A caller's abort ends it at
 * once, also while it waits, and surfaces as the signal's own reason.
 */
import type { LanguageModelV4, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import pRetry from 'p-retry';
import { MemagentError } from '../errors.ts';
import type { StepContext } from '../reader/reader.ts';
import type { JsonSchema } from '../structured/json-schema.ts';
import type { PromptMessage } from '../tokenizer/tokenizer.ts';
import { checkReportedTokens } from './check-reported-tokens.ts';
import { describeFailure, UselessReplyError } from './failure.ts';
import { isRefusal } from './is-refusal.ts';
import type { Limits } from './limits.ts';
import type { Prices } from './price.ts';
import { replyText, stripReasoning } from './reply-text.ts';
import { replyUsage } from './reply-usage.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { createSender, type Sampling } from './send-request.ts';
import { traceCall } from './telemetry.ts';
import { tellWarnings } from './tell-warnings.ts';
import { addUsage, noUsage, type Usage } from './usage.ts';
import { wait } from './wait.ts';

export interface CallerOptions {
  model: LanguageModelV4;
  limits: Limits;
  retry: RetryPolicy;
  sampling: Sampling;
  prices?: Prices | undefined;
  now: () => number;
}

export interface CallRequest {
  messages: readonly PromptMessage[];
  /** Our count of the prompt: exact, or an upper bound when the tokenizer is inexact. */
  promptTokens: number;
  maxOutputTokens: number;
  /** What the reply's JSON is to follow, for providers that hold the model to it. */
  schema?: JsonSchema;
  /** Attempts that the step has made in earlier calls. */
  attempts?: number;
}

export interface CallReply {
  /** Without reasoning; empty unless `outcome` is `text`. */
  text: string;
  /** Whether the text ends where the output limit was reached. */
  isCut: boolean;
  /** `empty` and `refused`: still so after the last retry. */
  outcome: 'text' | UselessReplyError['kind'];
  /** Of all attempts that were answered. */
  usage: Usage;
  /** How many attempts this call made. */
  attempts: number;
}

export type ModelCaller = (request: CallRequest, context: StepContext) => Promise<CallReply>;

/** The reply ended by length and held nothing but reasoning. */
class ReasoningOnlyError extends Error {
  override readonly name = 'ReasoningOnlyError';
}

export function createModelCaller({
  model,
  limits,
  retry,
  sampling,
  prices,
  now,
}: CallerOptions): ModelCaller {
  const send = createSender(model, sampling, retry.timeoutMs);

  /** One attempt. Throws whatever makes the reply useless, after what it used was counted. */
  async function attempt(
    request: CallRequest,
    number: number,
    context: StepContext,
    paid: (usage: Usage) => void,
  ): Promise<Pick<CallReply, 'text' | 'isCut'>> {
    const { step } = context;
    const { promptTokens, maxOutputTokens } = request;
    const release = context.admit({ promptTokens, maxOutputTokens });
    try {
      await context.emit({ type: 'call-start', step, attempt: number, promptTokens, maxOutputTokens });
      let startedAt = now();
      const call = { provider: model.provider, modelId: model.modelId, step, maxOutputTokens };
      const usageOf = (reply: LanguageModelV4GenerateResult): Usage =>
        replyUsage(reply, promptTokens, context.tokenizer, prices);
      const result = await limits.run(
        () => {
          startedAt = now();
          return traceCall(
            call,
            context.telemetry,
            () => send(request, context),
            (reply) => ({
              usage: usageOf(reply),
              finishReason: reply.finishReason.unified,
            }),
          );
        },
        { tokens: promptTokens + maxOutputTokens, signal: context.signal },
      );
      const usage = usageOf(result);
      context.spend(usage);
      paid(usage);
      const text = stripReasoning(replyText(result));
      const finishReason = result.finishReason.unified;
      const elapsedMs = now() - startedAt;
      await context.emit({
        type: 'call-end',
        step,
        attempt: number,
        usage,
        elapsedMs,
        finishReason,
        reply: text,
      });
      await checkReportedTokens(result.usage.inputTokens.total, request, context);
      await tellWarnings(result.warnings, context);
      requireUseful(result, text);
      return { text, isCut: finishReason === 'length' };
    } finally {
      release();
    }
  }

  return async (request, context) => {
    let usage: Usage = { ...noUsage };
    let current = request;
    let attempts = 0;
    const paid = (more: Usage): void => {
      usage = addUsage(usage, more);
    };
    const ask = (): ReturnType<typeof attempt> =>
      pRetry(
        () => {
          attempts += 1;
          return attempt(current, (request.attempts ?? 0) + attempts, context, paid);
        },
        {
          retries: retry.retries,
          minTimeout: retry.minDelayMs,
          maxTimeout: retry.maxDelayMs,
          randomize: true,
          signal: context.signal,
          shouldRetry: ({ error }) => {
            const { retryable, retryAfterMs = 0 } = describeFailure(error, now());
            return retryable && retryAfterMs <= retry.maxRetryAfterMs;
          },
          onFailedAttempt: async ({ error, retriesLeft, retryDelay }) => {
            const { retryable, retryAfterMs = 0, reason, status } = describeFailure(error, now());
            if (!retryable || retriesLeft === 0 || retryAfterMs > retry.maxRetryAfterMs) return;
            const delayMs = Math.max(retryDelay, retryAfterMs);
            context.spend({ ...noUsage, retries: 1 });
            paid({ ...noUsage, retries: 1 });
            await context.emit({
              type: 'call-retry',
              step: context.step,
              attempt: (request.attempts ?? 0) + attempts,
              reason,
              delayMs,
              ...(status === undefined ? {} : { status }),
            });
            // What is left of `delayMs` is waited by the retry itself.
            if (delayMs > retryDelay) await wait(delayMs - retryDelay, context.signal);
          },
        },
      );

    while (true) {
      try {
        return { ...(await ask()), outcome: 'text', usage, attempts };
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof UselessReplyError) {
          return { text: '', isCut: false, outcome: error.kind, usage, attempts };
        }
        if (!(error instanceof ReasoningOnlyError)) throw modelFailed(error, model, attempts, retry, now());
        // Reasoning used up the whole output: once more, with as much room as the window still has.
        const room = Math.min(context.window.window - request.promptTokens, request.maxOutputTokens * 4);
        if (current !== request || room <= request.maxOutputTokens) throw outputExhausted(current, context);
        current = { ...request, maxOutputTokens: room };
        await context.notifyOnce(
          'output-extended',
          `The model spent all ${request.maxOutputTokens} output tokens on reasoning; asked again with ${room}. Raise outputTokens, or switch reasoning off.`,
          { from: request.maxOutputTokens, to: room },
        );
      }
    }
  };
}

/** Throws what makes a reply useless. */
function requireUseful(result: LanguageModelV4GenerateResult, text: string): void {
  const finishReason = result.finishReason.unified;
  if (finishReason === 'content-filter' || isRefusal(text)) throw new UselessReplyError('refused');
  if (text !== '') return;
  const hasReasoned = result.content.some((part) => part.type === 'reasoning' || part.type === 'text');
  if (finishReason === 'length' && hasReasoned) throw new ReasoningOnlyError('the reply is reasoning alone');
  throw new UselessReplyError('empty');
}

function modelFailed(
  error: unknown,
  model: LanguageModelV4,
  attempts: number,
  { maxRetryAfterMs }: RetryPolicy,
  now: number,
): unknown {
  if (error instanceof MemagentError) return error;
  const failure = describeFailure(error, now);
  if (failure.isConfiguration) {
    return new MemagentError(
      `The model ${model.provider}/${model.modelId} cannot be used: ${failure.reason.replace(/\.$/, '')}. Check its name, the server's address and the key.`,
      { code: 'model-unavailable', data: { status: failure.status }, cause: error },
    );
  }
  const { retryAfterMs = 0 } = failure;
  const advice =
    retryAfterMs > maxRetryAfterMs
      ? ` (the server asks to wait ${Math.ceil(retryAfterMs / 1000)} s, longer than retry.maxRetryAfterMs = ${maxRetryAfterMs} allows; resume the run after that)`
      : '';
  const tries = attempts === 1 ? 'once' : `${attempts} times`;
  return new MemagentError(
    `The model ${model.provider}/${model.modelId} was asked ${tries} and failed: ${failure.reason}${advice}`,
    {
      code: 'model-failed',
      retryable: failure.retryable,
      resumable: true,
      data: {
        attempts,
        ...(failure.status === undefined ? {} : { status: failure.status }),
        ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
      },
      cause: error,
    },
  );
}

function outputExhausted(request: CallRequest, context: StepContext): MemagentError {
  return new MemagentError(
    `The model spent all ${request.maxOutputTokens} output tokens on reasoning and wrote nothing. Raise outputTokens (now ${context.window.outputTokens}) and the window (now ${context.window.window}), or switch the model's reasoning off.`,
    { code: 'output-exhausted', resumable: true, data: { maxOutputTokens: request.maxOutputTokens } },
  );
}
