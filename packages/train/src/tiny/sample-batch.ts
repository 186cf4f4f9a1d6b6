/** Samples replies to a batch of prompts: reads the prompts once, then goes on with the rows that have not ended. */
import { MemagentError } from '@memagent/core';
import type { SampledActions, SampleRequest } from '../backend/backend.ts';
import { createDraws } from '../backend/create-draws.ts';
import { chooseToken, type TokenChoice } from './choose-token.ts';
import type { Engine, ReadPrompts } from './engine.ts';
import { actionSlotsFor, groupByShape, packRows, rowSizeFor } from './pack-rows.ts';

/** A prompt as token ids. */
export type TinyObservation = readonly number[];

/** Sizes of batches that are compiled; rows that are left over are computed for nothing. */
const rowSizes = [16, 64, 256];

interface Reply {
  request: SampleRequest<TinyObservation>;
  fraction: () => number;
  choices: TokenChoice[];
  hasEnded: boolean;
}

/** A prompt, and the replies to be sampled from it. */
interface Asked {
  prompt: TinyObservation;
  replies: Reply[];
}

/**
 * Samples all of them, in the order of the requests. `ends` are the tokens that end a reply. Prompts that are the
 * same are read once: the rollouts of a group see the same sections, mostly with the same memory.
 */
export function sampleBatch(
  engine: Engine,
  ends: ReadonlySet<number>,
  requests: readonly SampleRequest<TinyObservation>[],
): SampledActions[] {
  const replies = requests.map(startReply);
  const asked = new Map<string, Asked>();
  for (const reply of replies) {
    const prompt = reply.request.observation;
    const key = prompt.join();
    const same = asked.get(key);
    if (same) same.replies.push(reply);
    else asked.set(key, { prompt, replies: [reply] });
  }
  const different = [...asked.values()];
  const contents = different.map(({ prompt }) => ({ prompt, actions: [] }));
  for (const group of groupByShape(contents, rowSizes)) {
    const members = group.map((index) => different[index] as Asked);
    sampleGroup(engine, ends, members);
  }
  return replies.map((reply) => toSampled(reply, ends));
}

/** Prompts of one shape. */
function sampleGroup(engine: Engine, ends: ReadonlySet<number>, asked: readonly Asked[]): void {
  const contents = asked.map(({ prompt }) => ({ prompt, actions: [] }));
  const rows = rowSizeFor(contents.length, rowSizes);
  const read = engine.readPrompts(packRows(contents, rows));
  try {
    const all = asked.flatMap(({ replies }, row) => replies.map((reply) => ({ reply, row })));
    for (const { reply, row } of all) take(reply, ends, read.logits, rows, row);
    const open = all.filter(({ reply }) => !reply.hasEnded);
    const most = rowSizes.at(-1) ?? 1;
    for (let from = 0; from < open.length; from += most) {
      goOn(read, ends, open.slice(from, from + most));
    }
  } finally {
    read.close();
  }
}

/** Samples replies to their ends, all by one token at a time. */
function goOn(
  read: ReadPrompts,
  ends: ReadonlySet<number>,
  open: readonly { reply: Reply; row: number }[],
): void {
  const rows = new Int32Array(rowSizeFor(open.length, rowSizes));
  open.forEach(({ row }, place) => (rows[place] = row));
  const most = Math.max(...open.map(({ reply }) => reply.request.maxActions));
  const decoding = read.keep(rows, actionSlotsFor(most));
  try {
    for (let index = 0; open.some(({ reply }) => !reply.hasEnded); index++) {
      const tokens = new Int32Array(rows.length);
      open.forEach(({ reply }, place) => (tokens[place] = reply.choices.at(-1)?.token ?? 0));
      const logits = decoding.next(tokens, index);
      open.forEach(({ reply }, place) => {
        if (!reply.hasEnded) take(reply, ends, logits, rows.length, place);
      });
    }
  } finally {
    decoding.close();
  }
}

function startReply(request: SampleRequest<TinyObservation>): Reply {
  return { request, fraction: createDraws(request.seed), choices: [], hasEnded: false };
}

/** Chooses the next token of a reply from its row of the logits. */
function take(
  reply: Reply,
  ends: ReadonlySet<number>,
  logits: Float32Array,
  rows: number,
  row: number,
): void {
  const { request, fraction, choices } = reply;
  const width = logits.length / rows;
  const choice = chooseToken(logits.subarray(row * width, (row + 1) * width), { ...request, fraction });
  if (!Number.isFinite(choice.logprob)) throw notFinite();
  choices.push(choice);
  reply.hasEnded = ends.has(choice.token) || choices.length >= request.maxActions;
}

function toSampled({ choices }: Reply, ends: ReadonlySet<number>): SampledActions {
  return {
    actions: choices.map(({ token }) => token),
    logprobs: choices.map(({ logprob }) => logprob),
    entropy: choices.reduce((sum, { entropy }) => sum + entropy, 0) / choices.length,
    finish: ends.has(choices.at(-1)?.token ?? -1) ? 'end' : 'length',
  };
}

function notFinite(): MemagentError {
  return new MemagentError(
    'The tiny model gave a probability that is not finite: its weights are spoilt. Go on from an earlier checkpoint.',
    { code: 'not-finite' },
  );
}
