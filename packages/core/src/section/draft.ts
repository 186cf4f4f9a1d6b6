/**
 * A section in the making. Text is weighed once, as it is appended, in parts that end at seams; so the tokens of
 * the whole are known at each seam without counting it again, and only the part in which the limit falls is
 * counted more than once. Where text has no seams, or the tokenizer no parts, the weights are close but not
 * exact: they choose the end, and the text is then counted as a whole.
 */
import { MemagentError } from '../errors.ts';
import { longestPrefix } from '../tokenizer/longest-prefix.ts';
import type { PartCounter, Tokenizer } from '../tokenizer/tokenizer.ts';
import { addWeights as add, noWeight, type Weight } from '../tokenizer/weight.ts';
import { createAssembly, divide, type Division } from './assembly.ts';
import { naturalEnd } from './natural-end.ts';
import type { Piece } from './read-pieces.ts';

export interface Draft {
  /** Whether it has more than so many tokens, as far as is known without counting what is still open. */
  exceeds(maxTokens: number): boolean;
  add(piece: Piece): void;
  /** Ends the section within `maxTokens` at the best place. Throws `window-too-small` if nothing fits. */
  cut(maxTokens: number): Division & { tokens: number };
}

/** A place up to which the text has been weighed. */
interface Checkpoint {
  end: number;
  weight: Weight;
  /** Whether `weight` is that of the text up to `end`, rather than a sum over parts that are not independent. */
  exact: boolean;
}

/** A section may stay this much shorter than it could be so that it ends well. */
const endsWithin = 0.15;

/** How far, as a share of the limit, the search for the longest text within it may stop short. */
const slack = 0.005;

/** Text without seams is weighed when so much of it is open, in UTF-16 units. */
const mostOpen = 1024;

export function createDraft(tokenizer: Tokenizer, headers: boolean): Draft {
  const { weigh, tokens }: PartCounter = tokenizer.parts ?? {
    weigh: (part) => ({ base: tokenizer.count(part) }),
    tokens: ({ base }) => base,
  };
  const start: Checkpoint = {
    end: 0,
    weight: noWeight,
    exact: tokenizer.parts !== undefined,
  };
  const checkpoints = [start];
  let last = start;
  let open = '';

  const assembly = createAssembly(headers, (text, seam) => {
    open += text;
    if (seam || open.length >= mostOpen) check(seam);
  });

  function check(exact: boolean): void {
    last = { end: last.end + open.length, weight: add(last.weight, weigh(open)), exact: last.exact && exact };
    checkpoints.push(last);
    open = '';
  }

  /** Tokens of the text up to `end`. */
  function countTo(end: number): number {
    const before = checkpoints.findLast((checkpoint) => checkpoint.end <= end) ?? start;
    const text = assembly.text.slice(0, end);
    return before.exact ? tokens(add(before.weight, weigh(text.slice(before.end)))) : tokenizer.count(text);
  }

  /** The best end of a text that weighs at most `maxTokens`. */
  function chooseEnd(maxTokens: number): number {
    const { text } = assembly;
    const over = checkpoints.find(({ weight }) => tokens(weight) > maxTokens);
    if (!over) return text.length;
    const before = checkpoints[checkpoints.indexOf(over) - 1] ?? start;
    const longest = longestPrefix(
      text.slice(before.end, over.end),
      maxTokens,
      (prefix) => tokens(add(before.weight, weigh(prefix))),
      maxTokens * slack,
    );
    const to = before.end + longest;
    return withoutHeader(naturalEnd(text, Math.floor(to * (1 - endsWithin)), to, sourceEnds()));
  }

  /** Where sources end within the text. */
  function sourceEnds(): number[] {
    const { pieces } = assembly;
    return pieces.flatMap(({ source, textStart, text }, index) => {
      const next = pieces[index + 1];
      return next && next.source !== source ? [textStart + text.length] : [];
    });
  }

  /** `end`, or the end of the piece before it if it lies in or right after a header. */
  function withoutHeader(end: number): number {
    const piece = assembly.pieces.findLast(({ textStart }) => textStart < end);
    return piece ? Math.min(end, piece.textStart + piece.text.length) : 0;
  }

  return {
    exceeds: (maxTokens) => tokens(last.weight) > maxTokens,
    add: assembly.add,
    cut(maxTokens) {
      if (open !== '') check(true);
      for (let limit = maxTokens; limit > 0;) {
        const end = chooseEnd(limit);
        if (end === 0) break;
        const counted = countTo(end);
        if (counted <= maxTokens) return { ...divide(assembly, end), tokens: counted };
        limit -= counted - maxTokens;
      }
      throw new MemagentError(
        `A section of ${maxTokens} tokens cannot hold ${headers ? "its source's name and " : ''}one character. Raise sectionTokens or the window.`,
        { code: 'window-too-small', data: { maxTokens } },
      );
    },
  };
}
