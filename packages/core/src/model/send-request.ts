/** Sends one request to a model: the prompt, the sampling, a time-out, and no reasoning where that is possible. */
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { APICallError } from '@ai-sdk/provider';
import { messageOf } from '../errors.ts';
import type { StepContext } from '../reader/reader.ts';
import type { CallRequest } from './call-model.ts';
import { withTimeout } from './with-timeout.ts';

type ProviderOptions = NonNullable<LanguageModelV4CallOptions['providerOptions']>;

/** How replies are sampled. What is left out is the provider's default. */
export interface Sampling {
  temperature?: number;
  topP?: number;
  seed?: number;
  /** Effort spent on reasoning; `none` switches it off where the provider allows that. */
  reasoning?: NonNullable<LanguageModelV4CallOptions['reasoning']>;
  /** Handed to the provider as they are. */
  providerOptions?: ProviderOptions;
  /** More provider options, for servers that switch reasoning in a way of their own; dropped if refused. */
  reasoningOptions?: ProviderOptions;
}

export type Sender = (request: CallRequest, context: StepContext) => Promise<LanguageModelV4GenerateResult>;

/** The settings that switch reasoning, each of which a server may refuse. */
type ReasoningSwitch = 'reasoning' | 'reasoningOptions';

/**
 * Makes the function that sends requests. Servers that do not know a parameter that switches reasoning, or cannot
 * hold a model to a schema, refuse the first request with a 400 or 422; it is sent again without that one, and so
 * are all later ones.
 */
export function createSender(model: LanguageModelV4, given: Sampling, timeoutMs: number): Sender {
  let sampling = given;
  let isSchemaRefused = false;

  return async function send(request, context) {
    // Requests side by side are all refused before the first of them has taught us anything.
    const sent = sampling;
    const { schema } = request;
    const responseFormat =
      schema === undefined || isSchemaRefused
        ? {}
        : { responseFormat: { type: 'json', schema, name: 'reply' } as const };
    try {
      return await withTimeout(context.signal, timeoutMs, (abortSignal) =>
        model.doGenerate({ ...callOptions(request, sent), ...responseFormat, abortSignal }),
      );
    } catch (error) {
      if ('responseFormat' in responseFormat && isSchemaRefusal(error)) {
        isSchemaRefused = true;
        await context.notifyOnce(
          'schema-unsupported',
          `The server does not hold the model to the schema (${messageOf(error)}); the prompt alone asks for it from now on.`,
        );
        return await send(request, context);
      }
      const refused = refusedSwitch(error, sent);
      if (refused === undefined) throw error;
      const { [refused]: _refused, ...rest } = sampling;
      sampling = rest;
      await context.notifyOnce(
        'reasoning-unsupported',
        `The server does not take the reasoning setting (${messageOf(error)}); it is left out from now on.`,
      );
      return await send(request, context);
    }
  };
}

function callOptions(
  { messages, maxOutputTokens }: CallRequest,
  { temperature, topP, seed, reasoning, providerOptions = {}, reasoningOptions = {} }: Sampling,
): LanguageModelV4CallOptions {
  const providers = mergeOptions(providerOptions, reasoningOptions);
  return {
    prompt: messages.map(({ role, content }) =>
      role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
    ),
    maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(Object.keys(providers).length === 0 ? {} : { providerOptions: providers }),
  };
}

function mergeOptions(first: ProviderOptions, second: ProviderOptions): ProviderOptions {
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries([...names].map((name) => [name, { ...first[name], ...second[name] }]));
}

/** Whether the server refused the schema, by the words of its error. */
function isSchemaRefusal(error: unknown): boolean {
  if (!APICallError.isInstance(error) || (error.statusCode !== 400 && error.statusCode !== 422)) return false;
  const text = `${error.message} ${error.responseBody ?? ''}`;
  return /response_?format|json_?(?:schema|object)|output_?(?:format|config)|structured|schema|grammar|guided/i.test(
    text,
  );
}

/** Which of the settings that were sent the server refused, by the words of its error. */
function refusedSwitch(error: unknown, sent: Sampling): ReasoningSwitch | undefined {
  if (!APICallError.isInstance(error) || (error.statusCode !== 400 && error.statusCode !== 422))
    return undefined;
  const text = `${error.message} ${error.responseBody ?? ''}`;
  if (!/reasoning|thinking|chat_template_kwargs/i.test(text)) return undefined;
  const isAboutOptions = /chat_template_kwargs|enable_thinking/i.test(text);
  if (sent.reasoningOptions !== undefined && (isAboutOptions || sent.reasoning === undefined)) {
    return 'reasoningOptions';
  }
  return sent.reasoning === undefined ? undefined : 'reasoning';
}
