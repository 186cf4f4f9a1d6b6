/** The checks of a model, in the order in which one makes sense only after the other. */
import { messageOf } from '@memagent/core';
import { formatCount, formatDuration } from '../format/format-number.ts';
import { oneLine, shorten } from '../format/plain-text.ts';
import type { Ask, Reply } from './ask-model.ts';
import type { Check } from './check.ts';
import { checkWindow } from './check-window.ts';

/** Yields each check as it is done; ends early where the rest could only fail. */
export async function* checkModel(ask: Ask, window: number): AsyncGenerator<Check> {
  let reply: Reply;
  try {
    reply = await ask('Reply with the word "ready" and nothing else.', 64);
  } catch (error) {
    yield {
      name: 'answers',
      status: 'failed',
      detail: `the model cannot be asked: ${oneLine(messageOf(error))}`,
    };
    return;
  }
  yield checkAnswer(reply);
  yield checkReasoning(reply);
  yield checkUsage(reply);
  let longest: Reply | undefined;
  try {
    const found = await checkWindow(ask, window);
    longest = found.longest;
    yield found.check;
  } catch (error) {
    yield { name: 'window', status: 'failed', detail: `a long prompt failed: ${oneLine(messageOf(error))}` };
  }
  yield await checkSpeed(ask, longest);
}

function checkAnswer({ text, elapsedMs }: Reply): Check {
  const time = formatDuration(elapsedMs);
  if (text.trim() === '')
    return { name: 'answers', status: 'failed', detail: `the reply was empty, after ${time}` };
  return {
    name: 'answers',
    status: 'ok',
    detail: `${JSON.stringify(shorten(oneLine(text), 60))} after ${time}`,
  };
}

function checkReasoning({ text, reasoning }: Reply): Check {
  const name = 'reasoning';
  if (/<\/?think>/.test(text)) {
    const detail =
      'the reply holds <think> text: memagent takes it out, but it is paid for and needs room; switch it off in the server, or raise --output-tokens';
    return { name, status: 'warning', detail };
  }
  if (reasoning !== '') {
    const detail =
      'the model reasons although it was asked not to: that is paid for and needs room; take a model that can do without, or raise --output-tokens';
    return { name, status: 'warning', detail };
  }
  return { name, status: 'ok', detail: 'off' };
}

function checkUsage({ promptTokens, completionTokens }: Reply): Check {
  const name = 'usage';
  if (promptTokens === undefined || completionTokens === undefined) {
    const detail =
      'the server does not report tokens: costs are counted by memagent itself, and prompts that are cut go unnoticed';
    return { name, status: 'warning', detail };
  }
  return { name, status: 'ok', detail: 'the server reports prompt and reply tokens' };
}

/** Reading is timed by the longest prompt, writing by a long reply. */
async function checkSpeed(ask: Ask, longest: Reply | undefined): Promise<Check> {
  const name = 'speed';
  try {
    const written = await ask('Count from 1 to 100 in English words, separated by commas.', 128);
    const reading = formatRate(longest?.promptTokens, longest?.elapsedMs);
    const writing = formatRate(written.completionTokens, written.elapsedMs);
    const detail = `prompts ${reading}, replies ${writing}`;
    return { name, status: 'ok', detail };
  } catch (error) {
    return { name, status: 'failed', detail: `a longer reply failed: ${oneLine(messageOf(error))}` };
  }
}

function formatRate(tokens: number | undefined, ms = 0): string {
  if (tokens === undefined) return 'unknown';
  return `${formatCount(Math.round(tokens / (Math.max(1, ms) / 1000)))} tokens/s`;
}
