/** What does not end a sentence though a full stop follows. */
const abbreviation = /(?:^|[\s("“‘-])(?:Mr|Mrs|Messrs|Dr|St|Rev|Hon|Esq|Gen|Col|Capt|No|\p{Lu})\.\s*$/u;

/** Longer ones are cut, so that a text without sentences still gives units of filler, in UTF-16 units. */
const longest = 1_000;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentences of a text in order, each on one line with single spaces. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of segmenter.segment(text.replaceAll(/\s+/g, ' '))) {
    open += segment;
    if (abbreviation.test(open) && open.length < longest) continue;
    sentences.push(...cut(open.trim()));
    open = '';
  }
  return [...sentences, ...cut(open.trim())];
}

/** Pieces of at most `longest`, cut at spaces where there are any. */
function cut(sentence: string): string[] {
  if (sentence === '') return [];
  if (sentence.length <= longest) return [sentence];
  const space = sentence.lastIndexOf(' ', longest);
  const end = space > 0 ? space : wholeCharacters(sentence, longest);
  return [sentence.slice(0, end), ...cut(sentence.slice(end).trim())];
}

/** `end`, or one before where it would cut a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  return /[\uD800-\uDBFF]/.test(text[end - 1] ?? '') ? end - 1 : end;
}
