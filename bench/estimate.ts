/**
 * What an unknown tokenizer costs: documents are read with the estimate, from servers that count by several
 * tokenizers, and each request's count is compared with the server's. Sections of 5,000 tokens in a window of 8,192.
 * Without files: a part of War and Peace, and the same with names in other scripts between its chapters.
 *
 *   node --conditions=@memagent/source bench/estimate.ts [file...]
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createMemoryRunStore, createTiktokenTokenizer, read, type Tokenizer } from '@memagent/core';
import { createScriptedModel, promptMessages } from '@memagent/core/testing';
import { byteTokenizer } from '../packages/core/src/tokenizer/byte-tokenizer.ts';
import { readBook } from './book.ts';

const window = 8192;
const mostCharacters = 400_000;

const servers: Tokenizer[] = [];
for (const name of ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const) {
  servers.push(await createTiktokenTokenizer(name));
}
servers.push(byteTokenizer);

const rows: Record<string, string | number>[] = [];
for (const [document, text] of documents()) {
  for (const server of servers) rows.push(await measure(document, text, server));
}
console.table(rows);

function documents(): [string, string][] {
  const files = process.argv.slice(2);
  if (files.length > 0) return files.map((file) => [basename(file), readFileSync(file, 'utf8')]);
  const book = readBook().slice(500_000, 500_000 + mostCharacters);
  const languages = ['zh', 'ar', 'hi', 'ja', 'ru', 'el'];
  const mixed = languages.map(
    (language, index) => book.slice(index * 50_000, (index + 1) * 50_000) + namesIn(language),
  );
  return [
    ['War and Peace', book],
    ['the same, other scripts between', mixed.join('\n')],
  ];
}

/** Names of countries, as Node knows them. */
function namesIn(language: string): string {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters
    .flatMap((a) => letters.map((b) => names.of(a + b) ?? ''))
    .join(', ')
    .repeat(4);
}

async function measure(
  document: string,
  text: string,
  server: Tokenizer,
): Promise<Record<string, string | number>> {
  const model = createScriptedModel(({ prompt }) => ({
    text: 'Noted. [1]',
    usage: { promptTokens: server.countPrompt(promptMessages({ prompt })) },
  }));
  const store = createMemoryRunStore();
  const source = text.slice(0, mostCharacters);
  const run = read({ question: 'Who commands?', source, model, window, tokenizer: 'estimate', store });
  let counted = 0;
  const shares: number[] = [];
  let longest = 0;
  for await (const event of run) {
    if (event.type === 'call-start') counted = event.promptTokens;
    if (event.type !== 'call-end') continue;
    const { promptTokens } = event.usage;
    longest = Math.max(longest, promptTokens);
    // The first request is cut by bytes, and the last one holds no section.
    shares.push(counted / promptTokens);
  }
  const { sections } = await run.result;
  await store.close();
  const later = shares.slice(1, -1);
  return {
    document,
    server: server.name,
    'sections, exact': Math.ceil(server.count(source) / 5000),
    'with the estimate': sections,
    'counted / real': (later.reduce((sum, share) => sum + share, 0) / later.length).toFixed(3),
    'least counted / real': Math.min(...later).toFixed(3),
    'longest prompt': longest,
  };
}
