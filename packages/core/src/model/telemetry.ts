/**
 * OpenTelemetry spans in the GenAI semantic conventions. Without a tracer in the host program the API's own
 * no-op tracer is used, so nothing is recorded and nothing is configured here. Texts are never put on spans.
 */
import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { messageOf } from '../errors.ts';
import type { Usage } from './usage.ts';

/** Runs `work` in a span around one run of the agent. */
export function traceRun<Result>(
  run: { runId: string; model: string | null; strategy: string },
  work: (parent: Context) => Promise<Result>,
): Promise<Result> {
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'memagent',
    'gen_ai.conversation.id': run.runId,
    'memagent.strategy': run.strategy,
    ...(run.model === null ? {} : { 'gen_ai.request.model': run.model }),
  };
  return withSpan(
    'invoke_agent memagent',
    { kind: SpanKind.INTERNAL, attributes },
    context.active(),
    (span) => work(trace.setSpan(context.active(), span)),
  );
}

/** Runs one request to a model in a span below `parent`; `usageOf` reads what it used. */
export function traceCall<Result>(
  call: { provider: string; modelId: string; step: string; maxOutputTokens: number },
  parent: Context,
  work: () => Promise<Result>,
  usageOf: (result: Result) => { usage: Usage; finishReason: string },
): Promise<Result> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': call.provider,
    'gen_ai.request.model': call.modelId,
    'gen_ai.request.max_tokens': call.maxOutputTokens,
    'memagent.step': call.step,
  };
  return withSpan(`chat ${call.modelId}`, { kind: SpanKind.CLIENT, attributes }, parent, async (span) => {
    const result = await work();
    const { usage, finishReason } = usageOf(result);
    span.setAttributes({
      'gen_ai.usage.input_tokens': usage.promptTokens,
      'gen_ai.usage.output_tokens': usage.completionTokens,
      'gen_ai.response.finish_reasons': [finishReason],
    });
    return result;
  });
}

async function withSpan<Result>(
  name: string,
  options: { kind: SpanKind; attributes: Record<string, string | number> },
  parent: Context,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = trace.getTracer('memagent').startSpan(name, options, parent);
  try {
    return await work(span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    throw error;
  } finally {
    span.end();
  }
}
