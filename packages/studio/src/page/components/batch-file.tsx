import { useState } from 'preact/hooks';
import { messageOf } from '../api/client.ts';
import { type BatchFile, type BatchLine, parseBatchResults } from '../api/parse-batch-results.ts';
import { formatQuantity } from '../format.ts';
import { ResultCells, ResultTable } from './result-table.tsx';
import { ErrorNotice } from './status.tsx';

/** Most lines that are shown; all are counted. */
const mostShown = 500;

/** A table of the results that `memagent batch` wrote. The file is read by the page and goes nowhere. */
export function BatchFilePanel() {
  const [opened, setOpened] = useState<BatchFile & { name: string }>();
  const [error, setError] = useState<string>();

  async function open(file: File | undefined): Promise<void> {
    if (!file) return;
    setError(undefined);
    setOpened(undefined);
    try {
      const read = parseBatchResults(await file.text());
      if (read.lines.length > 0) setOpened({ ...read, name: file.name });
      else setError(`${file.name} has no results: choose a file that memagent batch --out has written.`);
    } catch (reason) {
      setError(`${file.name} cannot be read: ${messageOf(reason)}`);
    }
  }

  return (
    <section class="panel" aria-labelledby="batch-file-title">
      <h2 id="batch-file-title">Results of memagent batch</h2>
      <div class="field">
        <label for="batch-file">A file that memagent batch --out has written</label>
        <input
          id="batch-file"
          type="file"
          accept=".jsonl,.json,.ndjson"
          aria-describedby="batch-file-hint"
          onChange={(event) => void open(event.currentTarget.files?.[0])}
        />
        <p class="hint" id="batch-file-hint">
          It is shown here until you leave this page, and sent nowhere. Its runs can be opened where this
          server keeps them.
        </p>
      </div>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      {opened && (
        <>
          <p role="status">
            {summaryOf(opened)}
            {opened.lines.length > mostShown && ` The first ${mostShown} are shown.`}
            {opened.unusable > 0 && ` ${formatQuantity(opened.unusable, 'line')} could not be read.`}
          </p>
          <ResultTable label={`Results in ${opened.name}`} first="Line">
            {opened.lines.slice(0, mostShown).map((line, index) => (
              <Row key={index} line={line} />
            ))}
          </ResultTable>
        </>
      )}
    </section>
  );
}

function summaryOf({ lines }: BatchFile): string {
  const of = (status: BatchLine['status']): number => lines.filter((line) => line.status === status).length;
  return `${formatQuantity(lines.length, 'result')}: ${of('answered')} answered, ${of('not-found')} not found, ${of('failed')} failed.`;
}

const chips = { answered: 'good', 'not-found': 'warn', failed: 'bad' } as const;

function Row({ line: { id, status, runId, problem, result } }: { line: BatchLine }) {
  return (
    <tr>
      <th scope="row" class="cell-text">
        {runId === undefined ? (
          <span class="own-words clamp">{id}</span>
        ) : (
          <a class="own-words clamp" href={`/runs/${encodeURIComponent(runId)}`}>
            {id}
          </a>
        )}
      </th>
      <td class="cell-text">
        <span class="own-words clamp">{result?.answer ?? problem}</span>
      </td>
      <td>
        <span class={`chip ${chips[status]}`}>{status.replace('-', ' ')}</span>
      </td>
      <ResultCells result={result} />
    </tr>
  );
}
