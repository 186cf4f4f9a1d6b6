/**
 * What an answer rests on, as it fills the {memory} slot of the answer prompt: the memory, and for strategies
 * that select instead of remember also passages of the document, each with the mark of its section. Without
 * passages, MemAgent's own case, it is the memory as it is.
 */
import type { Passage } from '../reader/reader.ts';

/** A memory and passages in one text. Counted in tokens as it is: tags are not free. */
export function renderEvidence(memory: string, passages: readonly Passage[]): string {
  const blocks = passages.map(renderPassage);
  return (memory === '' ? blocks : [memory, ...blocks]).join('\n');
}

/**
 * The inverse of `renderEvidence`, as long as neither memory nor passages hold these tags themselves. Text
 * outside passages is the memory.
 */
export function parseEvidence(text: string): { memory: string; passages: Passage[] } {
  const passages: Passage[] = [];
  const memory = text.replaceAll(
    /(?:^|\n)<passage mark="\[(\d+)\]">\n([^]*?)\n<\/passage>(?=\n|$)/g,
    (_block, mark: string, passage: string) => {
      passages.push({ mark: Number(mark), text: passage });
      return '';
    },
  );
  return { memory, passages };
}

function renderPassage({ mark, text }: Passage): string {
  return `<passage mark="[${mark}]">\n${text}\n</passage>`;
}

/** Most tokens that the tags around one passage take, in any tokenizer: it has a byte for each. */
export const passageTokens = renderPassage({ mark: 999_999, text: '' }).length + 1;
