import { chatText } from '@memagent/core';
import { RequestError } from '../http/server-error.ts';
import { blocksOf, type LongText } from './long-text.ts';

/** The bytes of a text in base64, or of a `data:` URL that holds one, block by block. Throws a `RequestError` 400. */
export async function* decodeBase64(data: string | LongText): AsyncGenerator<Uint8Array> {
  const text = typeof data === 'string' ? chatText(data) : data;
  const head = await text.read(0, Math.min(text.length, 256));
  const start = /^data:[^,]*;base64,/.exec(head)?.[0].length ?? 0;
  let rest = '';
  for await (const block of blocksOf(text, start)) {
    const units = rest + block.replaceAll(/\s/g, '');
    if (!/^[\w+/=-]*$/.test(units)) throw notBase64();
    // Four characters are three bytes: what is over waits for the next block.
    const whole = units.length - (units.length % 4);
    rest = units.slice(whole);
    yield Buffer.from(units.slice(0, whole), 'base64');
  }
  if (rest !== '') yield Buffer.from(rest, 'base64');
}

function notBase64(): RequestError {
  return new RequestError(400, 'invalid_file_data', 'The data of a file is not in base64.', {
    param: 'file_data',
  });
}
