import { decode, encode } from 'gpt-tokenizer/encoding/o200k_base';

/** Cuts a text after every so many tokens, wherever that falls: the splitter that everybody writes first. */
export function cutTokens(text: string, sectionTokens: number): string[] {
  const tokens = encode(text);
  const sections: string[] = [];
  for (let start = 0; start < tokens.length; start += sectionTokens) {
    sections.push(decode(tokens.slice(start, start + sectionTokens)));
  }
  return sections;
}
