/** Everything that `memagent report` does: reads results, writes the page and, where asked for, the rest. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MemagentError } from '@memagent/core';
import { readRecords } from '../runner/read-records.ts';
import type { EvalRecord } from '../runner/record.ts';
import { makeCharts } from './charts/make-charts.ts';
import { readPaperResults } from './charts/paper-results.ts';
import { renderMarkdown } from './render-markdown.ts';
import { summarize, type Summary } from './summarize.ts';

export interface ReportOptions {
  /** Folders that an evaluation wrote its `results.jsonl` into. */
  dirs: readonly string[];
  /** The HTML page. */
  out: string;
  /** The Markdown file. */
  markdown?: string;
  /** Folder for every chart as SVG and PNG. */
  charts?: string;
}

export interface WrittenReport {
  summary: Summary;
  /** Every file written. */
  files: string[];
}

/** Throws `invalid-option` for a folder without results. */
export async function writeReport({ dirs, out, markdown, charts }: ReportOptions): Promise<WrittenReport> {
  // The chart library is large, and only reports need it.
  const { renderHtml } = await import('./render-html.ts');
  const summary = summarize((await Promise.all(dirs.map(readResults))).flat());
  const sections = makeCharts(summary, await readPaperResults());
  const files = [await writeText(out, renderHtml(summary, sections))];
  if (markdown !== undefined) files.push(await writeText(markdown, renderMarkdown(summary)));
  if (charts !== undefined) {
    const { writeCharts } = await import('./write-charts.ts');
    files.push(
      ...(await writeCharts(
        charts,
        sections.flatMap((section) => section.charts),
      )),
    );
  }
  return { summary, files };
}

async function readResults(folder: string): Promise<EvalRecord[]> {
  const path = join(folder, 'results.jsonl');
  const records = await readRecords(path);
  if (records.length > 0) return records;
  throw new MemagentError(
    `There are no results in ${folder}: ${path} does not exist or is empty. Name the folder given to \`memagent eval --out\`.`,
    { code: 'invalid-option', data: { folder } },
  );
}

async function writeText(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}
