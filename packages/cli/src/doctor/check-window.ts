/**
 * Whether the model really reads as much as it should: prompts of growing length are sent, and the server's
 * counts of them compared. Text of one kind has as many tokens per character at any length, so what the server
 * counts must grow with the prompt; where it stands still, the server cut the prompt.
 */
import type { Ask, Reply } from './ask-model.ts';
import { isRefusal } from './ask-model.ts';
import type { Check } from './check.ts';

/** What the probes found, with the longest of them, which tells the speed of reading. */
export interface WindowCheck {
  check: Check;
  longest: Reply | undefined;
}

/** Tokens left for the reply, and for the chat template and the error of the extrapolation. */
const replyTokens = 16;
const reserve = 0.03;

const setting =
  'Ollama: OLLAMA_CONTEXT_LENGTH, or num_ctx in a Modelfile; llama.cpp: -c; vLLM: --max-model-len';

export async function checkWindow(ask: Ask, window: number): Promise<WindowCheck> {
  const name = 'window';
  const short = await ask(probe(0, 2000), replyTokens);
  if (short.promptTokens === undefined) {
    const detail = 'cannot be checked, because the server does not report prompt tokens';
    return { check: { name, status: 'warning', detail }, longest: undefined };
  }
  const charactersPerToken = 2000 / short.promptTokens;
  let longest = short;
  for (const share of [0.25, 0.5, 1]) {
    const wanted = Math.floor(window * share * (1 - reserve)) - replyTokens;
    if (wanted <= short.promptTokens) continue;
    let reply: Reply;
    try {
      reply = await ask(probe(share, Math.floor(wanted * charactersPerToken)), replyTokens);
    } catch (error) {
      if (!isRefusal(error, /context|length|token|too (long|large)|exceed/i)) throw error;
      const detail = `the server refuses a prompt of ${wanted} tokens, so its window is smaller than ${window}: give the real one with --window, or raise it (${setting})`;
      return { check: { name, status: 'failed', detail }, longest };
    }
    const read = reply.promptTokens ?? 0;
    if (read < wanted * 0.9) {
      const detail = `prompts are cut: of a prompt of about ${wanted} tokens the server read ${read}; raise its context length to ${window} (${setting}), or read with --window ${roundDown(read)}`;
      return { check: { name, status: 'failed', detail }, longest };
    }
    longest = reply;
  }
  const detail = `a prompt of ${longest.promptTokens} tokens was read whole, within a window of ${window}`;
  return { check: { name, status: 'ok', detail }, longest };
}

/** Each probe begins differently, so that no server answers it from its cache. */
function probe(seed: number, length: number): string {
  let text = `Probe ${Math.round(seed * 100)}. What follows is a list. Reply with the word "read".\n`;
  for (let line = 1; text.length < length; line += 1) {
    text += `${String(line).padStart(6, '0')} The ferry leaves the harbour in the morning and comes back at night.\n`;
  }
  return text.slice(0, length);
}

function roundDown(tokens: number): number {
  return tokens >= 1024 ? Math.floor(tokens / 512) * 512 : tokens;
}
