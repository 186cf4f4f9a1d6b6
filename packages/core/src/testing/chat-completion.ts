/** How a reply of the test server looks on the wire, in one piece and as a stream. */

/** A reply before it is put into OpenAI's format. */
export interface ChatReply {
  text: string | null;
  reasoning?: string;
  refusal?: string;
  finishReason: 'stop' | 'length' | 'content_filter';
  /** Absent where the server does not count. */
  usage?: ChatUsage;
}

export interface ChatUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
}

// Nothing in a reply depends on the time or the order of requests: the same request has the same reply.
const envelope = { id: 'chatcmpl-loopback', created: 0 };

/** The body of a reply in one piece. */
export function renderCompletion(model: string, reply: ChatReply): string {
  const message = { role: 'assistant', content: reply.text, ...extras(reply) };
  return JSON.stringify({
    ...envelope,
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message, finish_reason: reply.finishReason }],
    ...(reply.usage ? { usage: renderUsage(reply.usage) } : {}),
  });
}

/** The server-sent events of a streamed reply, text and reasoning in word-sized pieces. */
export function renderChunks(model: string, reply: ChatReply, includeUsage: boolean): string[] {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    event(JSON.stringify({ ...envelope, object: 'chat.completion.chunk', model, choices, ...more }));
  const delta = (content: Record<string, unknown>): string =>
    chunk([{ index: 0, delta: content, finish_reason: null }]);
  return [
    delta({ role: 'assistant', content: '' }),
    ...words(reply.reasoning).map((word) => delta({ reasoning_content: word })),
    ...words(reply.text).map((word) => delta({ content: word })),
    ...words(reply.refusal).map((word) => delta({ refusal: word })),
    chunk([{ index: 0, delta: {}, finish_reason: reply.finishReason }]),
    ...(includeUsage && reply.usage ? [chunk([], { usage: renderUsage(reply.usage) })] : []),
    event('[DONE]'),
  ];
}

/** One server-sent event. */
export function event(data: string): string {
  return `data: ${data}\n\n`;
}

/** An error body as OpenAI and vLLM write it. */
export function renderError(message: string, type: string, code: string | number | null): string {
  return JSON.stringify({ error: { message, type, param: null, code } });
}

function words(text: string | null | undefined): string[] {
  return text ? text.split(/(?<=\s)/) : [];
}

function extras({ reasoning, refusal }: ChatReply): Record<string, string> {
  return {
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function renderUsage({ promptTokens, completionTokens, cachedTokens, reasoningTokens }: ChatUsage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
