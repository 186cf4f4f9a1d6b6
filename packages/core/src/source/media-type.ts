/** Which format a source has: by what the caller says, then by the ending of its name, then by how it begins. */
import { extname } from 'node:path';
import { detectEncoding } from './detect-encoding.ts';

/** The ways to get text out of bytes. `text` keeps the decoded text as it is. */
export type Format = 'text' | 'html' | 'pdf' | 'docx' | 'epub';

const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const typeByExtension = new Map(
  Object.entries({
    '.txt': 'text/plain',
    '.md': 'text/markdown',
    '.markdown': 'text/markdown',
    '.html': 'text/html',
    '.htm': 'text/html',
    '.xhtml': 'application/xhtml+xml',
    '.pdf': 'application/pdf',
    '.docx': docxType,
    '.epub': 'application/epub+zip',
    '.json': 'application/json',
    '.jsonl': 'application/jsonl',
    '.ndjson': 'application/jsonl',
    '.csv': 'text/csv',
    '.tsv': 'text/tab-separated-values',
    '.xml': 'application/xml',
    '.log': 'text/plain',
  }),
);

const formatByType = new Map<string, Format>([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['application/pdf', 'pdf'],
  [docxType, 'docx'],
  ['application/epub+zip', 'epub'],
]);

/** The media type of a source by the ending of its name or, where that says nothing, by its first bytes. */
export function findMediaType(name: string, head: Uint8Array): string {
  return typeByExtension.get(extname(name).toLowerCase()) ?? sniffMediaType(head);
}

/** How text is got out of a media type; whatever is not known is tried as text. */
export function formatOf(mediaType: string): Format {
  const [essence = ''] = mediaType.split(';');
  return formatByType.get(essence.trim().toLowerCase()) ?? 'text';
}

/** As latin1. The version tells the format's magic from a text about it. */
const startsPdf = /^(?:\u00ef\u00bb\u00bf)?\s*%PDF-\d/;

function sniffMediaType(head: Uint8Array): string {
  const start = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  if (startsPdf.test(start)) return 'application/pdf';
  if (start.includes('%PDF-') && isBinary(head)) return 'application/pdf';
  if (start.startsWith('PK\u0003\u0004')) return sniffZip(head) ?? 'application/zip';
  if (/^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b/i.test(start))
    return 'text/html';
  return 'text/plain';
}

/**
 * A PDF may have up to 1,024 other bytes before it, and a text may speak of PDFs. What has the magic's ASCII in it
 * and zeros is not UTF-16, so it is no text.
 */
function isBinary(head: Uint8Array): boolean {
  return head.includes(0) || detectEncoding(head) === undefined;
}

/** An EPUB says what it is in its first entry; a DOCX is known by the folder that its parts lie in. */
function sniffZip(head: Uint8Array): string | undefined {
  const entries = Buffer.from(head).toString('latin1');
  if (entries.startsWith('mimetypeapplication/epub+zip', 30)) return 'application/epub+zip';
  return entries.includes('word/') ? docxType : undefined;
}
