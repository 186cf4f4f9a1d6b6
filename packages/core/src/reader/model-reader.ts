/**
 * The reader that asks a language model: each step is one fresh conversation of one user message (MemAgent,
 * arXiv 2507.02259), rendered from the prompt template. What the model writes is the memory.
 */
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { MemagentError } from '../errors.ts';
import { type CallReply, type CallRequest, createModelCaller } from '../model/call-model.ts';
import type { Limits } from '../model/limits.ts';
import type { Prices } from '../model/price.ts';
import type { RetryPolicy } from '../model/retry-policy.ts';
import type { Sampling } from '../model/send-request.ts';
import { renderEvidence } from '../prompt/evidence.ts';
import { joinMemories } from '../prompt/join-memories.ts';
import { isKeep } from '../prompt/keep.ts';
import { isNotFound } from '../prompt/not-found.ts';
import { memoryWords, type PromptSlots, renderPrompt } from '../prompt/render-prompt.ts';
import { renderStructured } from '../prompt/render-structured.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import { unwrapBoxed } from '../prompt/unwrap-boxed.ts';
import type { AnswerSchema } from '../structured/answer-schema.ts';
import { askForJson, type JsonReply } from '../structured/ask-for-json.ts';
import { judgeAnswer, problemTokens } from '../structured/structured-answer.ts';
import { answerReplySchema } from '../structured/wrap-schema.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { seamTokens } from '../window/plan-window.ts';
import { modelReaderSettings } from './model-reader-settings.ts';
import type { Answer, AnswerInput, Memory, Reader, StepContext, StepKind, Update } from './reader.ts';

export interface ModelReaderOptions {
  model: LanguageModelV4;
  template: PromptTemplate;
  limits: Limits;
  retry: RetryPolicy;
  sampling: Sampling;
  prices?: Prices | undefined;
  /** The answer is JSON that follows this schema. */
  schema?: AnswerSchema | undefined;
  now?: () => number;
}

export function createModelReader(options: ModelReaderOptions): Reader {
  const { model, template, sampling, schema, retry } = options;
  const call = createModelCaller({ now: Date.now, ...options });

  /** Renders, makes sure of the window, and asks. `filled` is our count of what the slots hold. */
  function ask<Step extends StepKind>(
    step: Step,
    slots: PromptSlots[Step],
    filled: number,
    context: StepContext,
  ): Promise<CallReply> {
    const { tokenizer, window } = context;
    const messages = renderPrompt(template, step, slots);
    const roughly = window.overhead[step] + filled;
    // The sum of the parts is right but for the seams; only a prompt near the limit is worth counting as a whole.
    const isTight = roughly + seamTokens + window.outputTokens > window.window;
    // An upper bound of the parts is further from the truth than one of the whole.
    const promptTokens = isTight || !tokenizer.exact ? tokenizer.countPrompt(messages) : roughly;
    return call(fitRequest(messages, promptTokens, context), context);
  }

  async function answerBySchema(
    { question, memory, passages }: AnswerInput,
    answerSchema: AnswerSchema,
    context: StepContext,
  ): Promise<Answer> {
    const slots = {
      question,
      schema: JSON.stringify(answerSchema.json),
      memory: renderEvidence(memory.text, passages),
    };
    const replySchema = answerReplySchema(answerSchema.json);
    const { repairs } = retry;
    const reply = await askForJson({
      ask(problem, attempts) {
        const told = problem && cutToTokens(problem, problemTokens, context.tokenizer);
        const messages = renderStructured(template, 'answer', slots, told);
        const request = fitRequest(messages, context.tokenizer.countPrompt(messages), context);
        return call({ ...request, schema: replySchema, attempts }, context);
      },
      judge: judgeAnswer(answerSchema, template),
      repairs,
      context,
    });
    if (reply.outcome !== 'accepted') throw noAnswer(reply, repairs, context);
    const { found, object } = reply.value;
    return { text: found ? JSON.stringify(object) : template.notFound, found, usage: reply.usage };
  }

  return {
    name: 'model',
    model: { provider: model.provider, modelId: model.modelId },
    settings: modelReaderSettings(template, sampling, schema),

    overhead(question, tokenizer) {
      // The longest numbers that the slots may have. The phrase for an empty memory counts as the prompt's own:
      // a few tokens more than needed once there is a memory, and never fewer.
      const words = 1_000_000;
      const count = <Step extends StepKind>(step: Step, slots: PromptSlots[Step]): number =>
        tokenizer.countPrompt(renderPrompt(template, step, slots));
      return {
        update: count('update', { question, memory: '', section: '', number: 1_000_000, words }),
        merge: count('merge', { question, memories: [], words }),
        answer: schema
          ? countStructuredAnswer(template, question, schema, tokenizer)
          : count('answer', { question, memory: '' }),
      };
    },

    async update({ question, memory, section }, context) {
      const words = memoryWords(context.window.memoryTokens);
      const slots = { question, memory: memory.text, section: section.text, number: section.number, words };
      const filled = context.tokenizer.count(memory.text) + section.tokens;
      const reply = await ask('update', slots, filled, context);
      if (reply.outcome === 'text' && isKeep(reply.text, template)) {
        return { memory, outcome: 'kept', usage: reply.usage };
      }
      return remember(reply, memory, template, context);
    },

    async merge({ question, memories }, context) {
      const texts = memories.map((memory) => memory.text);
      const words = memoryWords(context.window.memoryTokens);
      const filled = context.tokenizer.count(joinMemories(texts));
      const reply = await ask('merge', { question, memories: texts, words }, filled, context);
      // Without a merged memory the parts themselves are the best there is; the run cuts them to the budget.
      return remember(reply, { text: texts.join('\n') }, template, context);
    },

    async answer(input, context) {
      if (schema) return answerBySchema(input, schema, context);
      const { question, memory, passages } = input;
      const evidence = renderEvidence(memory.text, passages);
      const reply = await ask(
        'answer',
        { question, memory: evidence },
        context.tokenizer.count(evidence),
        context,
      );
      if (reply.outcome !== 'text') throw uselessAnswer(reply.outcome);
      const text = unwrapBoxed(reply.text);
      return { text, found: !isNotFound(text, template), usage: reply.usage };
    },
  };
}

/** The request with the room for the reply that the window leaves. Throws `window-exceeded` if that is too little. */
export function fitRequest(
  messages: readonly PromptMessage[],
  promptTokens: number,
  { step, window }: StepContext,
): CallRequest {
  const maxOutputTokens = Math.min(window.outputTokens, window.window - promptTokens);
  if (maxOutputTokens >= Math.min(window.outputTokens, window.memoryTokens) / 2) {
    return { messages, promptTokens, maxOutputTokens };
  }
  throw new MemagentError(
    `The prompt of step ${step} has ${promptTokens} tokens, which leaves ${maxOutputTokens} of the window of ${window.window} for the reply. Lower sectionTokens, or raise the window.`,
    { code: 'window-exceeded', resumable: true, data: { promptTokens, window: window.window } },
  );
}

/** Tokens of the prompt with an empty memory, what may be said of a reply that was of no use included. */
function countStructuredAnswer(
  template: PromptTemplate,
  question: string,
  { json }: AnswerSchema,
  tokenizer: Tokenizer,
): number {
  const slots = { question, schema: JSON.stringify(json), memory: '' };
  return tokenizer.countPrompt(renderStructured(template, 'answer', slots, '')) + problemTokens;
}

function uselessAnswer(outcome: string): MemagentError {
  return new MemagentError(
    `The model gave no answer: its reply was ${outcome} every time it was asked for. The memory is kept; resume the run to ask again, or use another model.`,
    { code: 'model-failed', retryable: true, resumable: true, data: { outcome } },
  );
}

function noAnswer(
  reply: Exclude<JsonReply<unknown>, { outcome: 'accepted' }>,
  repairs: number,
  { window }: StepContext,
): MemagentError {
  if (reply.outcome === 'invalid') {
    const { problem } = reply;
    return new MemagentError(
      `The model's answer does not follow the schema, also when it was told so${repairs === 1 ? '' : ` ${repairs} times`}: ${problem}. The memory is kept; resume the run to ask again, use another model, or make the schema simpler.`,
      { code: 'invalid-reply', retryable: true, resumable: true, data: { problem, reply: reply.reply } },
    );
  }
  if (reply.outcome === 'cut') {
    return new MemagentError(
      `The model's answer was cut off at ${window.outputTokens} tokens, before its JSON was complete. The memory is kept; start a new run with more outputTokens, or make the schema smaller.`,
      { code: 'output-exhausted', resumable: true, data: { reply: reply.reply } },
    );
  }
  return uselessAnswer(reply.outcome);
}

/** A useless reply keeps the old memory; the run goes on and says so, as it does of a reply that was cut. */
async function remember(
  reply: CallReply,
  old: Memory,
  template: PromptTemplate,
  context: StepContext,
): Promise<Update> {
  if (reply.outcome === 'text') {
    if (reply.isCut) {
      await context.emit({
        type: 'notice',
        code: 'memory-cut',
        message: `Step ${context.step}: the reply reached its limit of tokens before the model had finished; the new memory ends there. Raise outputTokens if this happens often.`,
        data: { step: context.step },
      });
    }
    // A model with nothing to note repeats the phrase that it was shown for an empty memory.
    const text = reply.text === template.emptyMemory ? '' : reply.text;
    return { memory: { text }, outcome: 'updated', usage: reply.usage };
  }
  await context.emit({
    type: 'notice',
    code: 'memory-kept',
    message: `Step ${context.step}: the reply was ${reply.outcome} every time it was asked for; the old memory is kept.`,
    data: { step: context.step, reason: reply.outcome },
  });
  return { memory: old, outcome: 'kept', usage: reply.usage };
}
