const kindByStart: readonly [start: string, kind: string][] = [
  ['\u0089PNG', 'a PNG image'],
  ['\u00ff\u00d8\u00ff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['%PDF-', 'a PDF. Give it a name that ends in .pdf, or say mediaType "application/pdf"'],
  ['PK\u0003\u0004', 'a ZIP archive or an office file. Unpack it, or save it as DOCX, PDF or text'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old office file (.doc, .xls, .ppt). Save it as DOCX, PDF or text'],
  ['\u001f\u008b', 'a gzip archive. Unpack it first'],
  ['7z\u00bc\u00af', 'a 7-Zip archive. Unpack it first'],
  ['\u007fELF', 'a program'],
  ['MZ', 'a program'],
  ['SQLite format 3', 'an SQLite database. Export what is to be read as text'],
  ['ID3', 'an MP3 recording'],
  ['RIFF', 'a sound, image or video file'],
];

/** What bytes that are no text seem to be, in words for an error message. */
export function binaryKind(head: Uint8Array): string | undefined {
  const start = Buffer.from(head.subarray(0, 16)).toString('latin1');
  return kindByStart.find(([prefix]) => start.startsWith(prefix))?.[1];
}
