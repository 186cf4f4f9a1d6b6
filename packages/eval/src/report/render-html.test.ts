import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCharts } from './charts/make-charts.ts';
import { readPaperResults } from './charts/paper-results.ts';
import { renderHtml } from './render-html.ts';
import { sampleRecords } from './sample-records.ts';
import { summarize } from './summarize.ts';

const hostile = `</td><script>alert("1")</script><img src=x onerror='alert(2)'>`;

const records = sampleRecords({ seed: 5, n: 6 }).map((record) =>
  record.status === 'scored'
    ? { ...record, prediction: hostile, question: hostile, answers: [hostile] }
    : { ...record, error: { code: hostile, message: hostile } },
);
const failed = records.filter(({ status }) => status === 'failed');
const summary = summarize(records);
const page = renderHtml(summary, makeCharts(summary, await readPaperResults()));

describe('the page', () => {
  it('allows its own style and script by their hashes, and nothing from outside', () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toMatch(/^default-src &#39;none&#39;; img-src data:; /);
    for (const tag of ['style', 'script']) {
      const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? '';
      expect(content).not.toBe('');
      const hash = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${tag}-src &#39;sha256-${hash}&#39;`);
    }
    expect(page.match(/<(script|style)\b/g)).toEqual(['<style', '<script']);
    expect([...page.matchAll(/\s(?:src|href)="([^"]{0,5})/g)].map(([, start]) => start)).not.toContain(
      'http:',
    );
    expect(page).not.toMatch(/<link|<iframe|@import|\sstyle="|\son[a-z]+="/);
  });

  it('shows what documents and models wrote as text', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  });

  it('lists every failed question with the command that shows its trace', () => {
    expect(failed.length).toBeGreaterThan(0);
    for (const { runId } of failed) expect(page).toContain(`<code>memagent show ${runId}</code>`);
  });

  it('has for every picture, light and dark, a text and the numbers', () => {
    const figures = page.split('<figure').slice(1);
    expect(figures).toHaveLength(15);
    for (const figure of figures) {
      expect(figure.match(/alt="[^"]{40,}"/g)).toHaveLength(2);
      expect(figure).toContain('<table');
    }
  });

  it('is well formed where it counts: every opened element is closed, no id twice', () => {
    for (const tag of ['table', 'tr', 'section', 'figure', 'details', 'div']) {
      const opened = page.match(new RegExp(`<${tag}\\b`, 'g'))?.length;
      expect(page.match(new RegExp(`</${tag}>`, 'g'))?.length).toBe(opened);
    }
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});
