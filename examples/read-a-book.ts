/** Ask a question of a book without a language model, and follow each citation to the page. */
import { readFile } from 'node:fs/promises';
import { createMemoryRunStore, read } from 'memagent';

const file = new URL('data/war-and-peace.txt', import.meta.url).pathname;

const run = read({
  question: 'What is the name of the estate of Prince Nicholas Bolkónski?',
  source: { file },
  store: createMemoryRunStore(), // Leave it out to keep runs on disk, where `memagent runs` finds them.
});
const { answer, citations, sections, tokens } = await run.result;

console.log(`${sections} sections, ${tokens} tokens`);
console.log(answer);

const book = await readFile(file, 'utf8');
for (const { mark, source, start, end, supported } of citations) {
  console.log(`[${mark}] ${source}, characters ${start} to ${end}${supported ? '' : ' (unsupported)'}`);
  console.log(`    ${book.slice(start, end).replaceAll(/\s+/g, ' ')}`);
}
