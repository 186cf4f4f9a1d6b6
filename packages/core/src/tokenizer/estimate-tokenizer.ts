/**
 * Counts for a model whose tokenizer is not known: an upper bound that starts at what a poor tokenizer would
 * need and comes down to what the server reports.
 *
 * `factor` is the share of the surcharge (see estimate-weight.ts) that is counted: 1 at the start, above 1 if
 * even that was too little, 0 for a tokenizer as good as any.
 */
import { countChat, unknownChat } from './chat-overhead.ts';
import { tokenWeight, weighEstimate } from './estimate-weight.ts';
import { createTiktokenTokenizer } from './tiktoken-tokenizer.ts';
import type { Tokenizer, Weight } from './tokenizer.ts';

export interface EstimateOptions {
  /** Where an earlier session left the factor; 1 by default. */
  factor?: number;
}

/** Tokens are counted as this much more than was reported, since one text is not as the next. */
const margin = 1.02;

/**
 * Surcharge, in tokens, that every observation is mixed with as if it had been needed in full: what a server
 * reports for plain English, where the surcharge is small, says little of other scripts.
 */
const doubt = 250;

/**
 * The fewest tokens that any tokenizer makes of a text, for each of o200k_base. On plain ASCII the large
 * vocabularies of today differ by a few per cent; on other scripts those that were made for them need fewer.
 */
const leastPerToken = { ascii: 0.88, other: 0.7 };

/** What is kept of a prompt until the server reports on it. */
interface PromptSeen {
  weight: Weight;
  least: number;
}

/** How many prompts are remembered until the server reports on them: more than are ever in flight. */
const mostInFlight = 4096;

/** An inexact tokenizer that learns through `calibrate`. */
export async function createEstimateTokenizer({ factor }: EstimateOptions = {}): Promise<Tokenizer> {
  const proxy = await createTiktokenTokenizer('o200k_base');
  const prompts = new Map<number, PromptSeen>();
  /** The highest factor observed; until there is one, the first lowers it. */
  let highest = fromKept(factor);

  const weigh = (text: string): Weight => weighEstimate(text, proxy.count(text));
  const tokens = ({ base, surcharge }: Weight): number =>
    Math.ceil((base + (highest ?? 1) * surcharge) / tokenWeight);

  return {
    name: 'estimate',
    exact: false,
    count: (text) => tokens(weigh(text)),
    parts: { weigh, tokens },

    countPrompt(messages) {
      const content = messages.map((message) => message.content).join('\n');
      const proxyTokens = proxy.count(content);
      const { base, surcharge } = weighEstimate(content, proxyTokens);
      const weight = { base: base + tokenWeight * countChat(messages, unknownChat, () => 0), surcharge };
      const counted = tokens(weight);
      remember(prompts, counted, { weight, least: Math.floor(proxyTokens * leastFor(content)) });
      return counted;
    },

    calibrate(counted, reported) {
      const prompt = prompts.get(counted);
      if (!prompt) return undefined;
      const seen = observe(prompt.weight, reported);
      if (highest !== undefined && seen <= highest) return undefined;
      highest = seen;
      return seen;
    },

    leastReported: (counted) => prompts.get(counted)?.least ?? 0,

    get factor() {
      return highest ?? 1;
    },
    set factor(value) {
      highest = fromKept(value);
    },
  };
}

/** A text counts as ASCII when nearly all of it is: typographic quotes and dashes change little. */
function leastFor(content: string): number {
  const foreignBytes = Buffer.byteLength(content) - content.length;
  return foreignBytes * 20 < content.length ? leastPerToken.ascii : leastPerToken.other;
}

/** A factor of 1 was kept before anything was observed. */
function fromKept(factor: number | undefined): number | undefined {
  return factor === 1 ? undefined : factor;
}

/** The factor by which the prompt would have been counted as what was reported, with margin and doubt. */
function observe({ base, surcharge }: Weight, reported: number): number {
  const needed = Math.max(0, reported * margin * tokenWeight - base);
  const mixed = (needed + doubt * tokenWeight) / (surcharge + doubt * tokenWeight);
  // Doubt never lowers what was needed.
  const factor = Math.max(mixed, needed / Math.max(1, surcharge));
  return Math.ceil(factor * 1000) / 1000;
}

function remember(prompts: Map<number, PromptSeen>, counted: number, prompt: PromptSeen): void {
  prompts.delete(counted);
  prompts.set(counted, prompt);
  if (prompts.size <= mostInFlight) return;
  const [oldest] = prompts.keys();
  if (oldest !== undefined) prompts.delete(oldest);
}
