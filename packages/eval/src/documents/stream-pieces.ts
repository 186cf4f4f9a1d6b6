/** UTF-16 units that a chunk has at least, the last one excepted. */
const chunkLength = 32_768;

/** Small pieces of text as chunks that are worth handing on. */
export async function* streamPieces(pieces: Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
