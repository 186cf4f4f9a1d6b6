import { callJson } from '../api/client.ts';
import type { RunPage, RunSummary } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { BatchFilePanel } from '../components/batch-file.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { ErrorNotice, Loading } from '../components/status.tsx';
import { formatCount, formatTime } from '../format.ts';
import { describeDocuments } from './runs.tsx';

/** Pages of runs that are looked through for batches. */
const mostPages = 10;

/** Runs that were begun together. */
export function BatchesPage() {
  const { value, error } = useLoad('batches', async (signal) => {
    const runs: RunSummary[] = [];
    let after: string | null = null;
    for (let page = 0; page < mostPages; page += 1) {
      const query = new URLSearchParams({ limit: '200', ...(after === null ? {} : { after }) });
      const { data, next }: RunPage = await callJson<RunPage>(`/v1/runs?${query}`, { signal });
      runs.push(...data);
      after = next;
      if (after === null) break;
    }
    return [
      ...Map.groupBy(
        runs.filter(({ batch }) => batch !== undefined),
        ({ batch }) => batch ?? '',
      ),
    ];
  });
  return (
    <>
      <PageTitle title="Batches" />
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      {!value && error === undefined && <Loading what="the batches" />}
      {value?.length === 0 && (
        <div class="empty">
          <p>There are no batches yet. Ask several questions of the same documents, one a line.</p>
          <a class="button" href="/">
            Ask several questions
          </a>
        </div>
      )}
      {value && value.length > 0 && (
        <div class="table-frame" tabIndex={0} role="region" aria-label="Batches">
          <table>
            <thead>
              <tr>
                <th scope="col">Batch</th>
                <th scope="col">Documents</th>
                <th scope="col" class="number">
                  Runs
                </th>
                <th scope="col" class="number">
                  Finished
                </th>
                <th scope="col">Begun</th>
              </tr>
            </thead>
            <tbody>
              {value.map(([name, runs]) => (
                <tr key={name}>
                  <th scope="row" class="cell-text">
                    <a class="own-words" href={`/batches/${encodeURIComponent(name)}`}>
                      {name}
                    </a>
                  </th>
                  <td class="own-words cell-name">{describeDocuments(runs[0]?.documents ?? [])}</td>
                  <td class="number">{formatCount(runs.length)}</td>
                  <td class="number">
                    {formatCount(runs.filter(({ status }) => status === 'finished').length)}
                  </td>
                  <td class="nowrap">{formatTime(Math.min(...runs.map(({ createdAt }) => createdAt)))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <BatchFilePanel />
    </>
  );
}
