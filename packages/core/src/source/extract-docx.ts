import { messageOf } from '../errors.ts';
import { createHtmlText } from './html-text.ts';
import { sourceError } from './source-error.ts';

/** Gives the text of a Word document, by way of HTML so that lists and tables keep their lines. */
export async function* extractDocx(bytes: Uint8Array, source: string): AsyncGenerator<string> {
  const { default: mammoth } = await import('mammoth');
  const convertImage = mammoth.images.imgElement(async () => ({ src: '' }));
  try {
    const html = createHtmlText();
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage });
    yield html.write(value) + html.end();
  } catch (error) {
    throw sourceError(
      'source-unreadable',
      source,
      `it is no Word document or a damaged one (${messageOf(error)}). Open it in a word processor and save it as DOCX again.`,
      error,
    );
  }
}
