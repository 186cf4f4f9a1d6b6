import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './render-markdown.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';
import { sampleRecords } from './sample-records.ts';
import { summarize } from './summarize.ts';

const summary = summarize(sampleRecords({ seed: 7, n: 20 }));
const markdown = renderMarkdown(summary);

it('begins with how many were asked, failed, and the seed', () => {
  expect(markdown).toContain(
    '1,700 answers (n) of 1 subject with 5 strategies to 3 tasks; 14 failed and count as 0; seed 42.',
  );
});

it('lists each failed question once', () => {
  expect(markdown.match(/`memagent show eval-[^`]*`/g)).toHaveLength(14);
});

it('aligns its tables for a terminal', () => {
  const tables = markdown.split('\n\n').filter((block) => block.startsWith('|'));
  expect(tables).toHaveLength(6);
  for (const table of tables) {
    expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
  }
});

describe('renderMarkdownTable', () => {
  it('escapes what would be markup, a picture or the end of a cell', () => {
    const table = renderMarkdownTable({
      title: '',
      columns: [{ title: 'a|b' }, { title: 'c', isNumber: true }],
      rows: [
        ['![x](http://x) <img>\n`c` *d*', { text: '1', detail: 'n 2' }],
        ['niah_single_2', { text: 'show `a|b`\n', isCode: true }],
      ],
    });
    expect(table.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      String.raw`| a\|b | c |`,
      '| :---------------------------------- | ----------: |',
      String.raw`| !\[x\](http://x) \<img> \`c\` \*d\* | 1, n 2 |`,
      '| niah_single_2 | `show a b ` |',
    ]);
  });
});
