/**
 * What the test server writes: it does what the prompt asks, with the extractive reader's own steps. Prompts
 * are recognised by the template that the client renders them from. All that it knows is in the prompt, as it
 * is with a model: the reader's bookkeeping does not travel.
 */
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Json } from '../json.ts';
import { parseEvidence } from '../prompt/evidence.ts';
import { matchPrompt, type MatchedPrompt } from '../prompt/match-prompt.ts';
import { type MatchedStructured, matchStructured } from '../prompt/match-structured.ts';
import { wordsToTokens } from '../prompt/render-prompt.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import { createExtractiveReader } from '../reader/extractive-reader.ts';
import type { Answer, Memory, Reader, StepContext, StepKind } from '../reader/reader.ts';
import type { JsonSchema } from '../structured/json-schema.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';
import { answerByRule, recordsByRule } from './records-by-rule.ts';

/** The steps of reading, and that of extraction. */
export type LoopbackStep = StepKind | 'extract';

/** A prompt that was recognised, before it is answered. */
export interface FollowedPrompt {
  /** Undefined for a prompt that the template did not make. */
  step: LoopbackStep | undefined;
  /** Does what the prompt asks; the same prompt always gives the same text. */
  write(): Promise<string>;
}

/** Recognises a prompt. As with a model, `max_tokens` is unknown to it: it cuts the reply from outside. */
export type PromptFollower = (messages: readonly PromptMessage[]) => FollowedPrompt;

/** Most tokens of a memory where the prompt does not say how long it may be. */
const defaultMemoryTokens = 1024;

/** A follower of the prompts that this template makes. */
export function createPromptFollower(template: PromptTemplate, tokenizer: Tokenizer): PromptFollower {
  const reader = createExtractiveReader();
  return (messages) => {
    const structured = matchStructured(template, messages);
    if (structured) {
      const context = createContext(tokenizer, defaultMemoryTokens);
      return {
        step: structured.step,
        write: async () => JSON.stringify(await replyInJson(reader, template, structured, context)),
      };
    }
    const matched = matchPrompt(template, messages);
    if (!matched) {
      const context = createContext(tokenizer, defaultMemoryTokens);
      return { step: undefined, write: () => answerPlainly(reader, template, messages, context) };
    }
    const words = 'words' in matched.slots ? matched.slots.words : undefined;
    const memoryTokens = words === undefined ? defaultMemoryTokens : wordsToTokens(words);
    const context = createContext(tokenizer, memoryTokens);
    return { step: matched.step, write: () => followStep(reader, template, matched, context) };
  };
}

/** Records and answers by the rule of `recordsByRule`, each as the prompt asks for it. */
async function replyInJson(
  reader: Reader,
  template: PromptTemplate,
  matched: MatchedStructured,
  context: StepContext,
): Promise<Json> {
  const schema = JSON.parse(matched.slots.schema) as JsonSchema;
  if (matched.step === 'extract') {
    const { before, section } = matched.slots;
    return { records: recordsByRule(schema, before, section) as unknown as Json };
  }
  const { question, memory } = matched.slots;
  const evidence = parseEvidence(memory);
  const shown = [evidence.memory, ...evidence.passages.map(({ text }) => text)].join('\n');
  const prose = await reader.answer(
    { question, memory: remember(evidence.memory, template), passages: evidence.passages },
    context,
  );
  const answer = answerByRule(schema, shown, prose.found ? prose.text : undefined);
  return { found: answer !== undefined, answer: answer ?? null };
}

async function followStep(
  reader: Reader,
  template: PromptTemplate,
  matched: MatchedPrompt,
  context: StepContext,
): Promise<string> {
  switch (matched.step) {
    case 'update': {
      const { question, memory, section: text, number = unnumbered } = matched.slots;
      const section = {
        number,
        text,
        spans: [],
        // Counted only if asked for: it takes longer than all the rest.
        get tokens() {
          return context.tokenizer.count(text);
        },
      };
      const update = await reader.update({ question, memory: remember(memory, template), section }, context);
      return show(update.memory.text, template);
    }
    case 'merge': {
      const { question, memories } = matched.slots;
      const update = await reader.merge(
        { question, memories: memories.map((memory) => remember(memory, template)) },
        context,
      );
      return show(update.memory.text, template);
    }
    case 'answer': {
      const { memory, passages } = parseEvidence(matched.slots.memory);
      const { question } = matched.slots;
      return say(
        await reader.answer({ question, memory: remember(memory, template), passages }, context),
        template,
      );
    }
    default:
      return matched satisfies never;
  }
}

/** Any other prompt: the last line is the question, and what stands before it is all that is known. */
async function answerPlainly(
  reader: Reader,
  template: PromptTemplate,
  messages: readonly PromptMessage[],
  context: StepContext,
): Promise<string> {
  const lines = messages
    .map(({ content }) => content)
    .join('\n')
    .trimEnd()
    .split('\n');
  const question = lines.pop() ?? '';
  const passages = [{ mark: unnumbered, text: lines.join('\n') }];
  return say(await reader.answer({ question, memory: { text: '' }, passages }, context), template);
}

/** A memory as it came in a prompt. Lines that say nothing, the rest of a runaway reply, must weigh nothing. */
function remember(text: string, template: PromptTemplate): Memory {
  const lines = text
    .split('\n')
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && line !== template.emptyMemory);
  return { text: lines.join('\n') };
}

/** The number of a text whose number the prompt does not tell. Its mark means nothing to anyone. */
const unnumbered = 0;

function show(text: string, template: PromptTemplate): string {
  return text.replaceAll(` [${unnumbered}]`, '') || template.emptyMemory;
}

function say({ text, found }: Answer, template: PromptTemplate): string {
  return found ? show(text, template) : template.notFound;
}

/** A step's surroundings without a run: nothing is stored, limited or reported. */
function createContext(tokenizer: Tokenizer, memoryTokens: number): StepContext {
  const unlimited = Number.MAX_SAFE_INTEGER;
  return {
    step: 'loopback',
    tokenizer,
    window: {
      window: unlimited,
      sectionTokens: unlimited,
      memoryTokens,
      outputTokens: unlimited,
      questionTokens: unlimited,
      mergeTokens: unlimited,
      evidenceTokens: unlimited,
      overhead: { update: 0, merge: 0, answer: 0 },
    },
    signal: new AbortController().signal,
    telemetry: ROOT_CONTEXT,
    emit: () => Promise.resolve(),
    learn: () => {},
    notifyOnce: () => Promise.resolve(),
    spend: () => {},
    admit: () => () => {},
  };
}
