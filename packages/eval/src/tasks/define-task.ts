/** Makes a task of its description and of what is its own: the question and the document. */
import { MemagentError, type Tokenizer } from '@memagent/core';
import type { Materials } from '../documents/materials.ts';
import { createRandom, type Random } from '../documents/random.ts';
import { streamPieces } from '../documents/stream-pieces.ts';
import { createTokenMeter } from '../documents/token-meter.ts';
import type { EvalItem, EvidenceSpan } from '../item.ts';
import { itemId } from './item-id.ts';
import { type ParameterValues, type Parameters, readParameters } from './parameter.ts';
import { createRoom, frameOf, type Room } from './room.ts';
import type { ItemRequest, Task } from './task.ts';

export interface TaskDefinition<P extends Parameters> extends Omit<Task, 'generate' | 'parameters'> {
  parameters: P;
  draft(brief: Brief<P>): Promise<Draft>;
}

/** What a task drafts an item from. */
export interface Brief<P extends Parameters = Parameters> {
  parameters: ParameterValues<P>;
  materials: Materials;
  seed: number;
  index: number;
  /** A stream of random numbers for one use; the same numbers each time that it is asked for. */
  random(use: string): Random;
  /** How long the document may become. */
  room(question: string): Room;
}

/** What is an item's own. */
export interface Draft extends Pick<EvalItem, 'question' | 'answers' | 'rejected' | 'unanswerable' | 'meta'> {
  /** The document, made again by each iteration. */
  pieces: () => Iterable<string>;
  /** By the meter of the room. */
  tokens: number;
  /** UTF-16 units. */
  characters: number;
  evidence: readonly EvidenceSpan[];
}

export function defineTask<P extends Parameters>({ draft, ...definition }: TaskDefinition<P>): Task {
  return {
    ...definition,
    async generate(request) {
      requireLength(definition, request);
      const { materials, seed, index, tokenizer } = request;
      const parameters = readParameters(definition.name, definition.parameters, request.parameters);
      const key = JSON.stringify([definition.name, parameters, seed, index]);
      const { pieces, tokens, characters, question, answers, rejected, unanswerable, evidence, meta } =
        await draft({
          parameters,
          materials,
          seed,
          index,
          random: (use) => createRandom(`${key} ${use}`),
          room: (asked) => createRoom({ ...request, ...definition, frame: frameOf(asked) }),
        });
      return {
        id: itemId(definition, request),
        task: definition.name,
        question,
        answers,
        ...(rejected ? { rejected } : {}),
        ...(unanswerable ? { unanswerable } : {}),
        metric: definition.metric,
        outputTokens: definition.outputTokens,
        evidence,
        tokens: request.rulerLength ? countTokens(pieces(), tokenizer) : tokens,
        document: () => streamPieces(pieces()),
        meta: {
          seed,
          index,
          ...lengthOf(request),
          tokenizer: tokenizer.name,
          ...parameters,
          ...depthOf(evidence, characters),
          ...meta,
        },
      };
    },
  };
}

/** By the tokenizer alone, without the frame that `tokens` of a draft may include. */
function countTokens(pieces: Iterable<string>, tokenizer: Tokenizer): number {
  const meter = createTokenMeter(tokenizer);
  for (const piece of pieces) meter.add(piece);
  return meter.tokens();
}

function requireLength({ name, questions }: Pick<Task, 'name' | 'questions'>, request: ItemRequest): void {
  const [unit, length] =
    request.tokens === undefined ? ['paragraphs', request.paragraphs] : ['tokens', request.tokens];
  const known = unit === 'tokens' || questions !== undefined;
  if (known && Number.isSafeInteger(length) && length > 0) return;
  const wanted = questions === undefined ? 'tokens' : 'tokens or paragraphs';
  throw new MemagentError(
    `Cannot make an item of ${name} with ${length} ${unit}. Give its length in ${wanted}, a whole number above 0.`,
    { code: 'invalid-option', data: { task: name, length } },
  );
}

function lengthOf({ tokens, paragraphs, rulerLength }: ItemRequest): EvalItem['meta'] {
  if (tokens === undefined) return { paragraphs };
  return { length: tokens, ...(rulerLength ? { rulerLength } : {}) };
}

/** Where a single needle lies, in per cent of the document. A list that is its own evidence lies nowhere. */
function depthOf(evidence: readonly EvidenceSpan[], characters: number): EvalItem['meta'] {
  const [only, ...others] = evidence;
  if (!only || others.length > 0 || only.end - only.start > characters / 2) return {};
  return { depth: Math.round((100 * only.start) / characters) };
}
