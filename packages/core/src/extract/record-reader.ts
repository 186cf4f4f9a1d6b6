/**
 * The reader that asks a language model for the records of a piece of a document: one fresh conversation for each
 * piece. It keeps no memory and gives no answer.
 */
import { MemagentError } from '../errors.ts';
import type { Json } from '../json.ts';
import { createModelCaller } from '../model/call-model.ts';
import type { Usage } from '../model/usage.ts';
import { renderStructured } from '../prompt/render-structured.ts';
import { fitRequest, type ModelReaderOptions } from '../reader/model-reader.ts';
import { modelReaderSettings } from '../reader/model-reader-settings.ts';
import type { Reader, StepContext } from '../reader/reader.ts';
import type { AnswerSchema } from '../structured/answer-schema.ts';
import { askForJson, type Judgement } from '../structured/ask-for-json.ts';
import { problemTokens } from '../structured/structured-answer.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { seamTokens } from '../window/plan-window.ts';
import { isAbsent } from './normalize-value.ts';
import { entriesOf, fieldsOf, isObject, recordsReplySchema, type ReplyEntry } from './record-schema.ts';
import type { DropReason } from './records.ts';

export interface RecordReader extends Reader {
  extract(input: ExtractInput, context: StepContext): Promise<Extraction>;
}

export interface ExtractInput {
  instructions: string;
  /** The end of the text before, for context. */
  before: string;
  text: string;
  /** Tokens of `text`. */
  tokens: number;
}

/** What the model gave for one piece. */
export interface Extraction {
  /** `cut`: the reply reached its limit of tokens; `entries` are those that were complete. */
  outcome: 'extracted' | 'cut' | 'failed';
  entries: ReplyEntry[];
  /** Records that do not follow the schema; when nothing could be had of the piece, one without a record. */
  dropped: { reason: DropReason; message: string; fields?: Json }[];
  usage: Usage;
}

/** Checked entries of one reply. */
type Sorted = Pick<Extraction, 'entries' | 'dropped'>;

export function createRecordReader(
  options: ModelReaderOptions & { schema: AnswerSchema },
  how: { key: readonly string[]; similarity: number },
): RecordReader {
  const { model, template, sampling, schema, retry } = options;
  const call = createModelCaller({ now: Date.now, ...options });
  const schemaText = JSON.stringify(schema.json);
  const names = fieldsOf(schema.json);
  const replySchema = recordsReplySchema(schema.json, names);

  let words: { instructions: string; tokenizer: Tokenizer; tokens: number } | undefined;

  /** Tokens of the prompt with nothing to read in it. */
  function countWords(instructions: string, tokenizer: Tokenizer): number {
    if (words?.instructions !== instructions || words.tokenizer !== tokenizer) {
      const slots = { instructions, schema: schemaText, before: '', section: '' };
      const tokens = tokenizer.countPrompt(renderStructured(template, 'extract', slots));
      words = { instructions, tokenizer, tokens };
    }
    return words.tokens;
  }

  /** Right but for the seams where the tokenizer is exact; only a prompt near the limit is worth counting as a whole. */
  function countPrompt(
    messages: readonly PromptMessage[],
    { instructions, before, tokens }: ExtractInput,
    { tokenizer, window }: StepContext,
  ): number {
    if (!tokenizer.exact) return tokenizer.countPrompt(messages);
    const sum = countWords(instructions, tokenizer) + tokenizer.count(before) + tokens;
    const isTight = sum + seamTokens + window.outputTokens > window.window;
    return isTight ? tokenizer.countPrompt(messages) : sum;
  }

  async function sortEntries(entries: readonly ReplyEntry[]): Promise<Sorted> {
    const sorted: Sorted = { entries: [], dropped: [] };
    for (const [index, entry] of entries.entries()) {
      const { problem } = await schema.check(entry.record);
      if (problem !== undefined) {
        const message = `record ${index + 1}: ${problem}`;
        sorted.dropped.push({ reason: 'invalid', message, fields: entry.record });
        continue;
      }
      // What a model adds to the fields that it was asked for, schemas mostly pass over.
      const given = isObject(entry.record) ? Object.entries(entry.record) : [];
      const named = given.filter(([name]) => names.includes(name));
      // A record without any value is how some models say that there is none.
      if (named.every(([, value]) => isAbsent(value))) continue;
      sorted.entries.push({ ...entry, record: Object.fromEntries(named) });
    }
    return sorted;
  }

  async function judge(json: Json): Promise<Judgement<Sorted>> {
    const entries = entriesOf(json);
    if (!entries) return { problem: 'it is not an object with a list of "records"' };
    const sorted = await sortEntries(entries);
    if (sorted.dropped.length === 0) return { accepted: sorted };
    const problem = sorted.dropped.map(({ message }) => message).join('; ');
    return { problem, best: sorted, worth: sorted.entries.length };
  }

  return {
    name: 'extract',
    model: { provider: model.provider, modelId: model.modelId },
    settings: {
      ...(modelReaderSettings(template, sampling, schema) as object),
      key: [...how.key],
      similarity: how.similarity,
    },

    overhead(instructions, tokenizer) {
      const slots = { instructions, schema: schemaText, before: '', section: '' };
      const update = tokenizer.countPrompt(renderStructured(template, 'extract', slots, '')) + problemTokens;
      return { update, merge: 0, answer: 0 };
    },

    async extract(input, context) {
      const { instructions, before, text } = input;
      const slots = { instructions, schema: schemaText, before, section: text };
      const reply = await askForJson({
        ask(problem, attempts) {
          const told = problem && cutToTokens(problem, problemTokens, context.tokenizer);
          const messages = renderStructured(template, 'extract', slots, told);
          const promptTokens =
            told === undefined
              ? countPrompt(messages, input, context)
              : context.tokenizer.countPrompt(messages);
          const request = fitRequest(messages, promptTokens, context);
          return call({ ...request, schema: replySchema, attempts }, context);
        },
        judge,
        repairs: retry.repairs,
        context,
      });
      const { usage } = reply;
      switch (reply.outcome) {
        case 'accepted':
          return { outcome: 'extracted', ...reply.value, usage };
        case 'cut':
          return { outcome: 'cut', ...(await sortEntries(await completeEntries(reply.reply))), usage };
        case 'invalid':
          if (reply.best) return { outcome: 'extracted', ...reply.best, usage };
          return failed('invalid', `the reply could not be used: ${reply.problem}`, usage);
        case 'empty':
        case 'refused':
          return failed(reply.outcome, `the reply was ${reply.outcome} every time it was asked for`, usage);
        default:
          return reply satisfies never;
      }
    },

    update: noMemory,
    merge: noMemory,
    answer: noMemory,
  };
}

function failed(reason: DropReason, message: string, usage: Usage): Extraction {
  return { outcome: 'failed', entries: [], dropped: [{ reason, message }], usage };
}

/** The entries of a reply that was cut off, without the last, which the cut may have changed. */
async function completeEntries(text: string): Promise<ReplyEntry[]> {
  const { parsePartialJson } = await import('ai');
  const { value } = await parsePartialJson(text.slice(Math.max(0, text.indexOf('{'))));
  return entriesOf((value ?? null) as Json)?.slice(0, -1) ?? [];
}

function noMemory(): Promise<never> {
  const message = 'The reader of records keeps no memory and answers nothing; it works with extract alone.';
  return Promise.reject(new MemagentError(message, { code: 'invalid-option', data: { option: 'reader' } }));
}
