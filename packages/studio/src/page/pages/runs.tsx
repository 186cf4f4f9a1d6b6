import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { callJson, messageOf } from '../api/client.ts';
import type { RunPage as RunListPage, RunStatus, RunSummary } from '../api/types.ts';
import { PageTitle } from '../components/page-title.tsx';
import { ErrorNotice, Loading, StatusChip } from '../components/status.tsx';
import { formatQuantity, formatTime } from '../format.ts';

const pageSize = 50;

/** How long after the last letter a search goes out. */
const searchDelayMs = 200;

/** The history of runs, with search. */
export function RunsPage() {
  const { route } = useLocation();
  const [search, setSearch] = useState('');
  const [status, setStatus] = useState<RunStatus | ''>('');
  const [runs, setRuns] = useState<RunSummary[]>();
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<string>();
  const [picked, setPicked] = useState<string[]>([]);

  const load = async (after: string | null, signal?: AbortSignal): Promise<void> => {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (search.trim() !== '') query.set('search', search.trim());
    if (status !== '') query.set('status', status);
    if (after !== null) query.set('after', after);
    try {
      const page = await callJson<RunListPage>(`/v1/runs?${query}`, { signal });
      setRuns((before) => [...(after === null ? [] : (before ?? [])), ...page.data]);
      setNext(page.next);
      setError(undefined);
    } catch (reason) {
      if (!signal?.aborted) setError(messageOf(reason));
    }
  };

  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => void load(null, controller.signal), search === '' ? 0 : searchDelayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [search, status]);

  const pick = (runId: string, isPicked: boolean): void =>
    setPicked((before) => (isPicked ? [...before, runId].slice(-2) : before.filter((id) => id !== runId)));

  return (
    <>
      <PageTitle title="Runs">
        <button
          type="button"
          class="button"
          disabled={picked.length !== 2}
          onClick={() => route(`/compare?${new URLSearchParams({ a: picked[0] ?? '', b: picked[1] ?? '' })}`)}
        >
          Compare the two picked
        </button>
      </PageTitle>
      <search class="row">
        <div class="field grow">
          <label for="search-runs">Search</label>
          <input
            id="search-runs"
            class="input"
            type="search"
            placeholder="Words of the question, a document, a model, an id"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="status">Status</label>
          <select
            id="status"
            class="input"
            value={status}
            onChange={(event) => setStatus(event.currentTarget.value as RunStatus | '')}
          >
            <option value="">All</option>
            <option value="running">Running</option>
            <option value="stopped">Stopped</option>
            <option value="cancelled">Cancelled</option>
            <option value="finished">Finished</option>
          </select>
        </div>
      </search>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      {!runs && error === undefined && <Loading what="the runs" />}
      <p class="visually-hidden" role="status">
        {runs && `${formatQuantity(runs.length, 'run')} shown`}
      </p>
      {runs?.length === 0 && (
        <div class="empty">
          <p>{search === '' && status === '' ? 'There are no runs yet.' : 'No run matches.'}</p>
          <a class="button" href="/">
            Ask a question
          </a>
        </div>
      )}
      {runs && runs.length > 0 && (
        <ul class="list" aria-label="Runs">
          {runs.map((run) => (
            <RunRow key={run.runId} run={run} isPicked={picked.includes(run.runId)} onPick={pick} />
          ))}
        </ul>
      )}
      {next !== null && (
        <p>
          <button type="button" class="button" onClick={() => void load(next)}>
            Show older runs
          </button>
        </p>
      )}
    </>
  );
}

interface RunRowProps {
  run: RunSummary;
  isPicked: boolean;
  onPick: (runId: string, isPicked: boolean) => void;
}

function RunRow({ run, isPicked, onPick }: RunRowProps) {
  const { runId, question, status, documents, model, settings, sections, createdAt } = run;
  return (
    <li class="run-row">
      <input
        type="checkbox"
        aria-label={`Pick for a comparison: ${question}`}
        checked={isPicked}
        onChange={(event) => onPick(runId, event.currentTarget.checked)}
      />
      <div class="stack tight">
        <a class="question clamp" href={`/runs/${encodeURIComponent(runId)}`}>
          {question}
        </a>
        <p class="meta">
          {describeDocuments(documents)} · {settings.model === null ? `${settings.reader} reader` : model} ·{' '}
          {settings.strategy} · {formatQuantity(sections, 'section')} ·{' '}
          <time dateTime={new Date(createdAt).toISOString()}>{formatTime(createdAt)}</time>
        </p>
      </div>
      <StatusChip status={status} />
    </li>
  );
}

/** The first document by name, the others counted. */
export function describeDocuments(documents: readonly { name: string }[]): string {
  const [first, ...rest] = documents;
  return `${first?.name ?? 'no document'}${rest.length === 0 ? '' : ` and ${formatQuantity(rest.length, 'other')}`}`;
}
