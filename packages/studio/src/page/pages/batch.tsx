import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { callJson } from '../api/client.ts';
import type { RunPage, RunView } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { PageTitle } from '../components/page-title.tsx';
import { ResultCells, ResultTable } from '../components/result-table.tsx';
import { ErrorNotice, Loading, StatusChip } from '../components/status.tsx';
import { formatCount, formatQuantity } from '../format.ts';

/** How often a batch that is at work is looked at. */
const lookMs = 2000;

/** A batch as a table: each question with its answer and what it took. */
export function BatchPage() {
  const { params } = useRoute();
  const name = decoded(params['name'] ?? '');
  const { value, error, reload } = useLoad(`batch/${name}`, async (signal) => {
    const query = new URLSearchParams({ batch: name, limit: '200' });
    const { data, hasMore } = await callJson<RunPage>(`/v1/runs?${query}`, { signal });
    const runs: RunView[] = [];
    for (const { runId } of data.toReversed()) {
      runs.push(await callJson<RunView>(`/v1/runs/${encodeURIComponent(runId)}`, { signal }));
    }
    return { runs, hasMore };
  });
  const isRunning = value?.runs.some(({ status }) => status === 'running') ?? false;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setTimeout(reload, lookMs);
    return () => clearTimeout(timer);
  }, [value, isRunning]);
  const runs = value?.runs ?? [];
  const finished = runs.filter(({ status }) => status === 'finished').length;
  return (
    <>
      <PageTitle title={name} />
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      {!value && error === undefined && <Loading what="the batch" />}
      {value && (
        <p role="status">
          {formatCount(finished)} of {formatQuantity(runs.length, 'run')} finished
          {value.hasMore ? '; the newest 200 are shown' : ''}.
        </p>
      )}
      {runs.length > 0 && (
        <ResultTable label="Runs of the batch" first="Question">
          {runs.map(({ runId, question, status, result, sections }) => (
            <tr key={runId}>
              <th scope="row" class="cell-text">
                <a class="own-words clamp" href={`/runs/${encodeURIComponent(runId)}`}>
                  {question}
                </a>
              </th>
              <td class="cell-text">
                <span class="own-words clamp">
                  {result ? result.answer : `${formatQuantity(sections, 'section')} read`}
                </span>
                {result && !result.found && <span class="chip warn">not found</span>}
              </td>
              <td>
                <StatusChip status={status} />
              </td>
              <ResultCells result={result} />
            </tr>
          ))}
        </ResultTable>
      )}
    </>
  );
}

/** The router may or may not have decoded it. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
