/** Small documents of each format, made for tests; each has the text that is given, and nothing else. */
import { strToU8, zipSync } from 'fflate';

/** A PDF with one page per item: lines from the top, an empty string leaving out a line. */
export function makePdf(pages: readonly (readonly string[])[]): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + 2 * at} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  for (const lines of pages) {
    const content = `BT /F1 12 Tf 14 TL 72 720 Td ${lines.map((line) => `(${line}) Tj T*`).join(' ')} ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${objects.length + 2} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = pdf.length;
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  return strToU8(
    `${pdf}xref\n0 ${count}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`,
  );
}

/** A Word document whose body is the given WordprocessingML. */
export function makeDocx(body: string): Uint8Array {
  const office = 'http://schemas.openxmlformats.org';
  return zipSync({
    '[Content_Types].xml': strToU8(
      `<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': strToU8(
      `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    'word/document.xml': strToU8(
      `<w:document xmlns:w="${office}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ),
  });
}

/** A paragraph of a Word document. */
export function docxParagraph(text: string): string {
  return `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** A cell of a table of a Word document. */
export function docxCell(text: string): string {
  return `<w:tc>${docxParagraph(text)}</w:tc>`;
}

/** An EPUB whose spine lists the chapters in the order given; the archive has them in the opposite order. */
export function makeEpub(chapters: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const names = Object.keys(chapters);
  const items = names.map((name, at) => `<item id="c${at}" href="${encodeURI(name)}"/>`).join('');
  const spine = names.map((_, at) => `<opf:itemref idref="c${at}"/>`).join('');
  const files = Object.entries(chapters)
    .toReversed()
    .map(([name, html]) => [`OEBPS/${name}`, typeof html === 'string' ? strToU8(html) : html] as const);
  return zipSync({
    mimetype: [strToU8('application/epub+zip'), { level: 0 }],
    ...Object.fromEntries(files),
    'META-INF/container.xml': strToU8(
      '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
    ),
    'OEBPS/content.opf': strToU8(
      `<opf:package xmlns:opf="http://www.idpf.org/2007/opf"><manifest>${items}</manifest><spine>${spine}</spine></opf:package>`,
    ),
  });
}
