import { messageOf } from '../errors.ts';
import { pageText } from './page-text.ts';
import { sourceError } from './source-error.ts';
import type { TextChunk } from './source.ts';

/**
 * Gives the text of a PDF page by page; pages without text give nothing. The bytes are held in memory, since a
 * PDF is read from its end.
 */
export async function* extractPdf(bytes: Uint8Array, source: string): AsyncGenerator<TextChunk> {
  const { getDocumentProxy } = await import('unpdf');
  try {
    // pdf.js takes the buffer over, so it gets one of its own.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      for (let number = 1; number <= pdf.numPages; number++) {
        const page = await pdf.getPage(number);
        const text = pageText((await page.getTextContent()).items);
        page.cleanup();
        if (text !== '') yield { text: `${text}\n\n`, page: number };
      }
    } finally {
      await pdf.loadingTask.destroy();
    }
  } catch (error) {
    throw sourceError('source-unreadable', source, problemOf(error), error);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof Error && error.name === 'PasswordException') {
    return 'the PDF is protected by a password. Save a copy without one.';
  }
  return `it is no PDF or a damaged one (${messageOf(error)}). Open it in a PDF viewer and save it again.`;
}
