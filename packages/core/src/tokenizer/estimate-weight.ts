/**
 * What a text is made of, as far as tokenizers differ in it. Published vocabularies agree to a few per cent on
 * plain English; on everything else they may differ several times over, and each in its own way.
 *
 * - `base`: tokens by o200k_base, a large vocabulary of many languages.
 * - `poor`: tokens by r50k_base, a small one of English, without its repeated spaces.
 * - `ascii`: bytes of ASCII that are none of the following.
 * - `digits`, `spaces` and `capitals` (both: those after another one), and bytes of each block of 128 characters
 *   outside ASCII (`u4e00` for all of Han): no tokenizer makes more tokens of them than there are of these.
 */
import type { Weight } from './weight.ts';

/** Weighs a text from its tokens by o200k_base and r50k_base. */
export function weighEstimate(text: string, good: number, poor: number): Weight {
  let ascii = 0;
  let digits = 0;
  let spaces = 0;
  let capitals = 0;
  let afterSpace = false;
  let afterCapital = false;
  const blocks: Record<string, number> = {};
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isSpace = code === 32 || (code >= 9 && code <= 13);
    const isCapital = code >= 65 && code <= 90;
    if (isSpace && afterSpace) {
      spaces++;
    } else if (isCapital && afterCapital) {
      capitals++;
    } else if (code >= 48 && code <= 57) {
      digits++;
    } else if (code < 128) {
      ascii++;
    } else {
      const block = blockOf(code);
      const isPair = isHigh(code) && isLow(text.charCodeAt(index + 1));
      if (isPair) index++;
      blocks[block] = (blocks[block] ?? 0) + (isPair ? 4 : code < 0x800 ? 2 : 3);
    }
    afterSpace = isSpace;
    afterCapital = isCapital;
  }
  return { base: good, traits: { poor: poor - spaces, ascii, digits, spaces, capitals, ...blocks } };
}

/** Where a script's characters begin. Those of Han, Hangul and the supplementary planes count as one each. */
function blockOf(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return 'u10000';
  if (code >= 0xac00 && code <= 0xd7ff) return 'uac00';
  if (code >= 0x3400 && code <= 0x9fff) return 'u4e00';
  return `u${(code & ~0x7f).toString(16)}`;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
