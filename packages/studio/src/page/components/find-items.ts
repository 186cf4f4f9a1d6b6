/** Which texts of a page hold parts of the quote; white space does not count. */
export function findItems(texts: readonly string[], quote: string): number[] {
  const wanted = quote.replace(/\s+/g, '');
  const places: number[] = [];
  let all = '';
  for (const [index, text] of texts.entries()) {
    const words = text.replace(/\s+/g, '');
    all += words;
    for (let count = 0; count < words.length; count += 1) places.push(index);
  }
  const start = wanted === '' ? -1 : all.indexOf(wanted);
  return start < 0 ? [] : [...new Set(places.slice(start, start + wanted.length))];
}
