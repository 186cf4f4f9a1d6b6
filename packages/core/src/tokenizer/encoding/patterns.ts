/**
 * How tiktoken splits text into pieces before merging bytes (github.com/openai/tiktoken,
 * `tiktoken_ext/openai_public.py`, MIT), for JavaScript: white space is Unicode's White_Space, as in Rust, and
 * case-insensitive contractions are spelled out, the long s (ſ) included.
 */
const s = String.raw`\p{White_Space}`;
const notSpace = String.raw`\P{White_Space}`;
const contraction = String.raw`'(?:[sSſdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])`;
const upper = String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`;
const lower = String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`;

export const r50kPattern = [
  `'(?:[sdmt]|ll|ve|re)`,
  String.raw` ?\p{L}+`,
  String.raw` ?\p{N}+`,
  String.raw` ?[^${s}\p{L}\p{N}]+`,
  `${s}+$`,
  `${s}+(?!${notSpace})`,
  s,
].join('|');

export const cl100kPattern = [
  contraction,
  String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`,
  String.raw`\p{N}{1,3}`,
  String.raw` ?[^${s}\p{L}\p{N}]+[\r\n]*`,
  `${s}+$`,
  String.raw`${s}*[\r\n]`,
  `${s}+(?!${notSpace})`,
  s,
].join('|');

export const o200kPattern = [
  String.raw`[^\r\n\p{L}\p{N}]?[${upper}]*[${lower}]+(?:${contraction})?`,
  String.raw`[^\r\n\p{L}\p{N}]?[${upper}]+[${lower}]*(?:${contraction})?`,
  String.raw`\p{N}{1,3}`,
  String.raw` ?[^${s}\p{L}\p{N}]+[\r\n/]*`,
  String.raw`${s}*[\r\n]+`,
  `${s}+(?!${notSpace})`,
  `${s}+`,
].join('|');
