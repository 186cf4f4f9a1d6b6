/** What fits a model's window as it came, and what may be a question. */
import { defaultBudgets, selectTokenizer, type Tokenizer } from '@memagent/core';
import type { ServedModel } from '../models/served-model.ts';
import type { MessagePart } from './message-parts.ts';

export interface ModelWindow {
  readonly window: number;
  /** In UTF-16 units: what is longer is known not to fit, without counting its tokens. */
  readonly mostLength: number;
  /** Tokens of an answer where a request says nothing of it. */
  readonly outputTokens: number;
  readonly tokenizer: Tokenizer;
  fitsQuestion(text: string): boolean;
  /** Tokens of a prompt with what is sent beside it; undefined once they are known to be more than the window. */
  countPrompt(parts: readonly MessagePart[], beside: unknown): Promise<number | undefined>;
}

/** More than chat templates put around a message. */
const messageTokens = 8;

/** No tokenizer makes fewer tokens of a text but of long runs of white space. */
const mostUnitsPerToken = 16;

const slice = 1 << 15;

/** Makes the function that knows the windows of models, each tokenizer loaded once. */
export function createModelWindows(): (model: ServedModel) => Promise<ModelWindow> {
  const windows = new Map<string, Promise<ModelWindow>>();
  return (model) => {
    const known = windows.get(model.id) ?? createModelWindow(model);
    windows.set(model.id, known);
    known.catch(() => windows.delete(model.id));
    return known;
  };
}

async function createModelWindow({ reading }: ServedModel): Promise<ModelWindow> {
  const { window = defaultBudgets.window, outputTokens = defaultBudgets.outputTokens, model } = reading;
  const { questionTokens = defaultBudgets.questionTokens } = reading;
  const named = typeof model === 'object' ? model : undefined;
  const tokenizer = await selectTokenizer(reading.tokenizer, named);
  const mostLength = window * mostUnitsPerToken;
  return {
    window,
    mostLength,
    outputTokens,
    tokenizer,
    fitsQuestion: (text) => tokenizer.count(text) <= questionTokens,
    async countPrompt(parts, beside) {
      const texts = parts.map(({ text }) => text);
      const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
      if (length > mostLength) return undefined;
      let tokens = tokenizer.count(JSON.stringify(beside) ?? '') + parts.length * messageTokens;
      for (const text of texts) {
        if (text === undefined) continue;
        for (let start = 0; start < text.length; start += slice) {
          tokens += tokenizer.count(await text.read(start, Math.min(text.length, start + slice)));
          if (tokens > window) return undefined;
        }
      }
      return tokens;
    },
  };
}
