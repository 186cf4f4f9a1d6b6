/**
 * Retrieval, as users would do it without an agent: the document is indexed piece by piece with SQLite's FTS5,
 * on disk; the pieces that BM25 ranks highest for the question, as many as the window holds, go into one call.
 * What is indexed are our own terms: FTS5's tokenizers stem the question's stems again (`agre` to `agr`), and
 * take a sentence in Chinese for one word.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Passage } from '../reader/reader.ts';
import { loadSqlite } from '../store/load-sqlite.ts';
import { passageTokens } from '../prompt/evidence.ts';
import { contentWords } from '../text/content-words.ts';
import { createTermCache } from '../text/term-cache.ts';
import { wordsIn } from '../text/words.ts';
import { mostPassageTokens, pieceTokensOf } from './passage-budget.ts';
import type { Strategy } from './strategy.ts';
import { upperBound } from './upper-bound.ts';

export const retrieveStrategy: Strategy = {
  name: 'retrieve',

  readsAhead: () => Infinity,

  async run(run) {
    const path = join(await run.folder(), 'retrieve.sqlite');
    await rm(path, { force: true }); // Left by a process that died; the index is rebuilt from the source.
    const { DatabaseSync } = loadSqlite();
    const index = new DatabaseSync(path);
    try {
      index.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
      index.exec(
        "CREATE VIRTUAL TABLE piece USING fts5(terms, text UNINDEXED, tokens UNINDEXED, tokenize = 'unicode61')",
      );
      const insert = index.prepare('INSERT INTO piece (rowid, terms, text, tokens) VALUES (?, ?, ?, ?)');
      const termsOf = createTermCache();
      const pieceTokens = pieceTokensOf(run.window);
      let sections = 0;
      index.exec('BEGIN');
      for await (const section of run.sections({ maxTokens: pieceTokens })) {
        const terms = wordsIn(section.text).flatMap(termsOf).join(' ');
        insert.run(section.number, terms, section.text, section.tokens);
        sections += 1;
      }
      index.exec('COMMIT');
      const passages = selectPassages(index, run.question, run.window.evidenceTokens);
      await run.emit({
        type: 'passages-selected',
        sections,
        passages: passages.map(({ mark, score }) => ({ section: mark, score })),
      });
      return { answer: await run.answer('answer', { memory: { text: '' }, passages }), passages };
    } finally {
      index.close();
      await rm(path, { force: true });
    }
  },

  estimate: ({ tokens }, window) =>
    upperBound(window, { answers: 1, answerTokens: mostPassageTokens(tokens, window) }),
};

/** The best pieces that fit, in the document's order. `score` is BM25, higher is better. */
function selectPassages(
  index: DatabaseSync,
  question: string,
  budget: number,
): (Passage & { score: number })[] {
  const terms = contentWords(question);
  if (terms.length === 0) return [];
  const query = terms.map((term) => `"${term}"`).join(' OR ');
  // Every piece with one of the terms is sorted, so their texts are left out until they are chosen.
  const ranked = index.prepare(
    'SELECT rowid AS mark, -rank AS score FROM piece WHERE piece MATCH ? ORDER BY score DESC, rowid',
  );
  const select = index.prepare('SELECT text, tokens FROM piece WHERE rowid = ?');
  const chosen: (Passage & { score: number })[] = [];
  let used = 0;
  for (const { mark, score } of ranked.iterate(query)) {
    const { text, tokens } = select.get(Number(mark)) ?? {};
    used += Number(tokens) + passageTokens;
    if (used > budget) break;
    chosen.push({ mark: Number(mark), text: String(text), score: Number(score) });
  }
  return chosen.toSorted((a, b) => a.mark - b.mark);
}
