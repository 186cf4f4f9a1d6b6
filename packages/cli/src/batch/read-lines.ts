import type { Readable } from 'node:stream';

/** The lines of a UTF-8 stream. Holds one chunk and one line, whatever the length of either. */
export async function* readLines(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n');
    rest += first;
    for (const line of others) {
      yield clean(rest);
      rest = line;
    }
  }
  if (rest !== '') yield clean(rest);
}

function clean(line: string): string {
  return line.replace(/^\uFEFF/, '').replace(/\r$/, '');
}
