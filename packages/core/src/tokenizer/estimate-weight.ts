/**
 * What a text may weigh by a tokenizer that we do not know, from its count by o200k_base and from what it is
 * made of. Two bounds, in hundredths of a token:
 *
 * - `base`: a good tokenizer of today needs no more. Most split numbers into single digits, o200k_base does not.
 * - `base + surcharge`: nor does a poor one, with a small vocabulary learned from English alone. It splits other
 *   scripts into bytes, and runs of spaces and punctuation into characters.
 *
 * The poor bound was fitted as a linear programme to tiktoken's encodings and to BPE, Unigram and WordPiece
 * vocabularies of 8,000 to 50,000 tokens that were learned from English (and code), over prose, code, numbers,
 * base64, tables and 14 languages. `estimate-tokenizer.test.ts` checks it.
 */
import type { Weight } from './tokenizer.ts';

/** What one token weighs. */
export const tokenWeight = 100;

/** Per token of o200k_base, and per digit. */
const base = Object.freeze({ token: 110, digit: 67 });

/** Per token of o200k_base, and per character (per byte, outside ASCII). */
const surcharge = Object.freeze({ token: 90, repeatedSpace: 90, punctuation: 100, capital: 20, byte: 90 });

/** Weighs a text that has `tokens` tokens by o200k_base. */
export function weighEstimate(text: string, tokens: number): Weight {
  let digits = 0;
  let extra = 0;
  let afterSpace = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isSpace = code === 32 || (code >= 9 && code <= 13);
    if (isSpace) {
      if (afterSpace) extra += surcharge.repeatedSpace;
    } else if (code >= 128) {
      extra += surcharge.byte * bytesOf(code);
    } else if (code >= 48 && code <= 57) {
      digits++;
    } else if (code >= 65 && code <= 90) {
      extra += surcharge.capital;
    } else if (code < 97 || code > 122) {
      extra += surcharge.punctuation;
    }
    afterSpace = isSpace;
  }
  return {
    base: base.token * tokens + base.digit * digits,
    surcharge: surcharge.token * tokens + extra,
  };
}

/** UTF-8 bytes of a UTF-16 code unit outside ASCII; a surrogate is half of a character of four bytes. */
function bytesOf(code: number): number {
  return code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
}
