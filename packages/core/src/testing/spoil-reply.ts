/** Faults that are replies: status 200, well formed, and of no use or not as asked for. */
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ChatReply } from './chat-completion.ts';
import type { Fault } from './fault-plan.ts';

const reasoning = 'The question is clear. I compare what I know with the text and keep what helps.';
const refusal = "I'm sorry, but I can't help with that.";
/** A model that has lost its way repeats itself. A line without words tells no reader anything. */
const filler = '\n* * *';

/** The reply that a fault makes of an honest one. `maxTokens` is what the request allows. */
export function spoilReply(
  honest: ChatReply,
  { kind, variant }: Fault,
  maxTokens: number,
  tokenizer: Tokenizer | undefined,
): ChatReply {
  switch (kind) {
    case 'empty':
      return { ...honest, text: '', finishReason: 'stop' };
    case 'over-long': {
      // Some servers do not heed max_tokens; this one writes about twice as much.
      const fillerTokens = tokenizer?.count(filler) ?? 1;
      return {
        ...honest,
        text: honest.text + filler.repeat(Math.ceil((2 * maxTokens) / fillerTokens)),
        finishReason: 'stop',
      };
    }
    case 'reasoning':
      // Beside max_tokens, as servers with a budget of its own for reasoning do it.
      return variant === 0
        ? { ...honest, text: `<think>\n${reasoning}\n</think>\n\n${honest.text}` }
        : { ...honest, reasoning };
    case 'reasoning-only':
      return { ...honest, text: '', reasoning, finishReason: 'length' };
    case 'refusal':
      return variant === 0
        ? { ...honest, text: refusal, finishReason: 'content_filter' }
        : { ...honest, text: null, refusal, finishReason: 'stop' };
    case 'rate-limit':
    case 'server-error':
    case 'hang':
    case 'reset':
    case 'malformed':
      return honest; // These happen to the connection or the bytes, not to what is said.
    default:
      return kind satisfies never;
  }
}
