/**
 * Counts for a model whose tokenizer is not known: an upper bound (see estimate-bound.ts) that comes down to what
 * the server reports, for text like that which was reported on.
 */
import { countChat, unknownChat } from './chat-overhead.ts';
import { boundBy, boundOfUnknown, type KnownText } from './estimate-bound.ts';
import { weighEstimate } from './estimate-weight.ts';
import { createTiktokenTokenizer } from './tiktoken-tokenizer.ts';
import type { PromptMessage, Tokenizer } from './tokenizer.ts';
import type { Weight } from './weight.ts';

/** Tokens are counted as this much more than was reported, since no text is quite as the next. */
const margin = 1.03;

/** A report that brings a text's count down by less than this share is not kept. */
const worthKeeping = 0.1;

/** Most reports that are kept: more than documents have kinds of text. */
const mostKnown = 8;

/**
 * The fewest tokens that any tokenizer makes of a text, for each of o200k_base. On plain ASCII the large
 * vocabularies of today differ by a few per cent; on other scripts those that were made for them need fewer.
 */
const leastPerToken = { ascii: 0.88, other: 0.7 };

/** An inexact tokenizer that learns from reports. */
export async function createEstimateTokenizer(): Promise<Tokenizer> {
  const { count: countGood } = await createTiktokenTokenizer('o200k_base');
  const { count: countPoor } = await createTiktokenTokenizer('r50k_base');
  const weigh = (text: string): Weight => weighEstimate(text, countGood(text), countPoor(text));
  // A prompt is counted before it is sent, and reported on after: weighed once.
  const weighed = new WeakMap<readonly PromptMessage[], Weight>();

  function weighPrompt(messages: readonly PromptMessage[]): Weight {
    const weight = weighed.get(messages) ?? weigh(messages.map(({ content }) => content).join('\n'));
    weighed.set(messages, weight);
    return weight;
  }

  function create(known: readonly KnownText[]): Tokenizer {
    const tokens = (weight: Weight): number => Math.ceil(boundFor(weight, known));
    return {
      name: 'estimate',
      exact: false,
      count: (text) => tokens(weigh(text)),
      countPrompt: (messages) => countChat(messages, unknownChat, () => 0) + tokens(weighPrompt(messages)),
      parts: { weigh, tokens },
      learner: {
        least: (messages) => Math.floor(weighPrompt(messages).base * leastFor(messages)),
        report: (messages, reported) => ({ weight: weighPrompt(messages), reported }),
        learn: ({ weight, reported }) => create(learn(known, { weight, tokens: reported * margin })),
      },
    };
  }

  return create([]);
}

function boundFor(weight: Weight, known: readonly KnownText[]): number {
  if (known.length === 0) return boundOfUnknown(weight);
  return Math.min(...known.map((text) => boundBy(text, weight)));
}

/** What had bounded the text too low was not typical and is raised; the text is kept if it says something new. */
function learn(known: readonly KnownText[], text: KnownText): KnownText[] {
  const raised = known.map((before) => {
    const bound = boundBy(before, text.weight);
    return bound < text.tokens ? { ...before, tokens: before.tokens * (text.tokens / bound) } : before;
  });
  if (raised.length === 0) return [text];
  const isNews = boundFor(text.weight, raised) * (1 - worthKeeping) > text.tokens;
  return isNews && raised.length < mostKnown ? [...raised, text] : raised;
}

/** A text counts as ASCII when nearly all of it is: typographic quotes and dashes change little. */
function leastFor(messages: readonly PromptMessage[]): number {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return (bytes - characters) * 20 < characters ? leastPerToken.ascii : leastPerToken.other;
}
