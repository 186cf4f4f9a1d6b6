import type { RunResult } from '@memagent/core';
import type { ComponentChildren } from 'preact';
import { formatDuration, formatShort } from '../format.ts';

export interface ResultTableProps {
  /** What the table is of, for a screen reader. */
  label: string;
  /** What a row is called by. */
  first: string;
  /** Rows: a heading, the answer, the status, and {@link ResultCells}. */
  children: ComponentChildren;
}

/** A table of questions that were asked, with their answers and what these took. */
export function ResultTable({ label, first, children }: ResultTableProps) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">Answer</th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Cited
            </th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** The last cells of a row: supported citations, tokens and time. */
export function ResultCells({
  result,
}: {
  result: Pick<RunResult, 'citations' | 'usage' | 'elapsedMs'> | null | undefined;
}) {
  return (
    <>
      <td class="number">
        {result
          ? `${result.citations.filter(({ supported }) => supported).length}/${result.citations.length}`
          : '–'}
      </td>
      <td class="number">
        {result ? formatShort(result.usage.promptTokens + result.usage.completionTokens) : '–'}
      </td>
      <td class="number">{result ? formatDuration(result.elapsedMs) : '–'}</td>
    </>
  );
}
