/** Samples replies to a batch of prompts: reads the prompts once, then goes on with the rows that have not ended. */
import { MemagentError } from '@memagent/core';
import type { SampledActions, SampleRequest } from '../backend/backend.ts';
import { createDraws } from '../backend/create-draws.ts';
import { chooseToken, type TokenChoice } from './choose-token.ts';
import type { Engine } from './engine.ts';
import { groupByShape, packRows, rowSizeFor, shapeOf } from './pack-rows.ts';

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

/** Samples all of them, in the order of the requests. `ends` are the tokens that end a reply. */
export function sampleBatch(
  engine: Engine,
  ends: ReadonlySet<number>,
  requests: readonly SampleRequest<TinyObservation>[],
): SampledActions[] {
  const replies = requests.map(startReply);
  const contents = requests.map(({ observation }) => ({ prompt: observation, actions: [] }));
  for (const group of groupByShape(contents, rowSizes)) {
    sampleGroup(
      engine,
      ends,
      group.map((index) => replies[index] as Reply),
    );
  }
  return replies.map((reply) => toSampled(reply, ends));
}

function sampleGroup(engine: Engine, ends: ReadonlySet<number>, replies: readonly Reply[]): void {
  const contents = replies.map(({ request }) => ({ prompt: request.observation, actions: [] }));
  const read = engine.readPrompts(packRows(contents, rowSizeFor(replies.length, rowSizes)));
  try {
    replies.forEach((reply, row) =>
      take(reply, ends, read.logits, rowSizeFor(replies.length, rowSizes), row),
    );
    const open = replies.flatMap((reply, row) => (reply.hasEnded ? [] : [{ reply, row }]));
    if (open.length === 0) return;
    const rows = new Int32Array(rowSizeFor(open.length, rowSizes));
    open.forEach(({ row }, index) => (rows[index] = row));
    const most = Math.max(...open.map(({ reply }) => reply.request.maxActions));
    const { actionSlots } = shapeOf({ prompt: [0], actions: Array.from({ length: most }, () => 0) });
    const decoding = read.keep(rows, actionSlots);
    try {
      for (let index = 0; open.some(({ reply }) => !reply.hasEnded); index++) {
        const tokens = new Int32Array(rows.length);
        open.forEach(({ reply }, row) => (tokens[row] = reply.choices.at(-1)?.token ?? 0));
        const logits = decoding.next(tokens, index);
        open.forEach(({ reply }, row) => {
          if (!reply.hasEnded) take(reply, ends, logits, rows.length, row);
        });
      }
    } finally {
      decoding.close();
    }
  } finally {
    read.close();
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
