import type { OpenSource, TextChunk } from '../source/source.ts';

/** For tests: sources that give their chunks one by one; a text is given whole. */
export async function* sourcesOf(
  ...sources: (string | Iterable<TextChunk> | AsyncIterable<TextChunk>)[]
): AsyncGenerator<OpenSource> {
  for (const [index, source] of sources.entries()) {
    yield {
      info: { index, name: `part-${index}.txt`, mediaType: 'text/plain', textFile: `part-${index}.txt` },
      chunks: chunksOf(typeof source === 'string' ? [{ text: source }] : source),
    };
  }
}

async function* chunksOf(chunks: Iterable<TextChunk> | AsyncIterable<TextChunk>): AsyncGenerator<TextChunk> {
  yield* chunks;
}

/** For tests: a text in chunks of the lengths given, again from the first when they are used up. */
export function chunked(text: string, lengths: readonly number[]): TextChunk[] {
  const chunks: TextChunk[] = [];
  for (let start = 0, index = 0; start < text.length; index++) {
    const length = lengths[index % lengths.length] ?? text.length;
    chunks.push({ text: text.slice(start, start + length) });
    start += length;
  }
  return chunks;
}
