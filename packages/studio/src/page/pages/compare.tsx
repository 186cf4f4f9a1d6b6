import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useRun, type WatchedRun } from '../api/use-run.ts';
import { Answer } from '../components/answer.tsx';
import { MemoryView } from '../components/memory-view.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { RunChoice } from '../components/run-choice.tsx';
import { ErrorNotice, Loading, StatusChip } from '../components/status.tsx';
import { nameOfStop, Strip, wordsOfState } from '../components/strip.tsx';
import { useStepKeys } from '../components/use-step-keys.ts';
import { formatCost, formatDuration, formatQuantity, formatShort } from '../format.ts';
import type { Stop, Trace } from '../trace/trace.ts';

/** Two runs side by side, step by step. */
export function ComparePage() {
  const { query, route } = useLocation();
  const { a = '', b = '' } = query;
  const go = (change: { a?: string; b?: string }): void =>
    route(`/compare?${new URLSearchParams({ a, b, ...change })}`, true);
  return (
    <>
      <PageTitle title="Compare two runs" />
      <div class="columns halves">
        <RunChoice label="First run" value={a} onChange={(runId) => go({ a: runId })} />
        <RunChoice label="Second run" value={b} onChange={(runId) => go({ b: runId })} />
      </div>
      {a !== '' && b !== '' ? (
        <Comparison key={`${a}/${b}`} a={a} b={b} />
      ) : (
        <div class="empty">
          <p>Choose two runs: of the same question with two models, two strategies, or two budgets.</p>
          <a class="button" href="/runs">
            All runs
          </a>
        </div>
      )}
    </>
  );
}

function Comparison({ a, b }: { a: string; b: string }) {
  const first = useRun(a);
  const second = useRun(b);
  // Places are tokens of the document: runs with sections of different sizes stay side by side.
  const [place, setPlace] = useState(0);
  const runs = [first, second];
  const longer = first.trace.stops.length >= second.trace.stops.length ? first.trace : second.trace;
  const at = stopAt(longer, place);

  const last = longer.stops.length - 1;
  useStepKeys(at, last, (index) => setPlace(placeOf(longer, Math.max(0, Math.min(index, last)))));

  const error = first.error ?? second.error;
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (!first.view || !second.view) return <Loading what="the two runs" />;
  return (
    <>
      <Table runs={runs} />
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={at <= 0}
          onClick={() => setPlace(placeOf(longer, at - 1))}
        >
          ← Step before
        </button>
        <button
          type="button"
          class="button"
          disabled={at >= last}
          onClick={() => setPlace(placeOf(longer, at + 1))}
        >
          Step after →
        </button>
        <span class="small quiet">
          The two stand where they had read as much of the document. <kbd>←</kbd> <kbd>→</kbd> step through.
        </span>
      </div>
      <div class="columns halves">
        {runs.map((run, index) => (
          <Side
            key={index}
            name={index === 0 ? 'First run' : 'Second run'}
            run={run}
            place={place}
            onPlace={setPlace}
          />
        ))}
      </div>
    </>
  );
}

interface SideProps {
  name: string;
  run: WatchedRun;
  place: number;
  onPlace: (place: number) => void;
}

function Side({ name, run, place, onPlace }: SideProps) {
  const { trace, view } = run;
  const index = stopAt(trace, place);
  const stop = trace.stops[index];
  const { route } = useLocation();
  const openRun = (section: number): void => {
    const target = trace.stopOf(section);
    route(`/runs/${encodeURIComponent(view?.runId ?? '')}${target ? `?step=${target.index + 1}` : ''}`);
  };
  return (
    <section class="panel" aria-label={name}>
      <Strip
        stops={trace.stops}
        expected={trace.stops.length}
        selected={index}
        onSelect={(selected) => onPlace(placeOf(trace, selected))}
      />
      {stop && (
        <h2 aria-live="polite">
          {nameOfStop(stop)} <span class="quiet small">{wordsOfState(stop)}</span>
        </h2>
      )}
      {stop?.kind === 'answer' && trace.result ? (
        <Answer result={trace.result} onCitation={({ mark }) => openRun(mark)} />
      ) : (
        <MemoryView
          label={`Memory of the ${name.toLowerCase()}`}
          changes={trace.changesAt(index)}
          onSection={openRun}
        />
      )}
    </section>
  );
}

/** Tokens of the document that were read up to a stop; the answer lies behind all. */
function placeOf(trace: Trace, index: number): number {
  const stop = trace.stops[index];
  if (stop?.kind === 'answer') return Infinity;
  return trace.stops.slice(0, index).reduce((sum, { tokens }) => sum + tokens, 0);
}

function stopAt({ stops }: Trace, place: number): number {
  if (place === Infinity) return stops.length - 1;
  let read = 0;
  const found = stops.findIndex((stop: Stop) => {
    read += stop.tokens;
    return stop.kind === 'section' && read > place;
  });
  return found < 0 ? stops.findLastIndex(({ kind }) => kind !== 'answer') : found;
}

function Table({ runs }: { runs: readonly WatchedRun[] }) {
  const rows: [name: string, of: (run: WatchedRun) => string][] = [
    ['Question', ({ view }) => view?.question ?? ''],
    ['Documents', ({ view }) => view?.documents.map(({ name }) => name).join(', ') ?? ''],
    ['Model', ({ view }) => view?.model ?? 'none'],
    ['Reader, strategy', ({ view }) => `${view?.settings.reader}, ${view?.settings.strategy}`],
    [
      'Sections',
      ({ trace }) =>
        `${formatQuantity(trace.spans.length, 'section')} of up to ${formatShort(trace.window?.sectionTokens ?? 0)} tokens${trace.progress().passes === 1 ? '' : ', read twice'}`,
    ],
    ['Memory', ({ trace }) => `up to ${formatShort(trace.window?.memoryTokens ?? 0)} tokens`],
    [
      'Used',
      ({ trace: { totals } }) =>
        totals.calls === 0
          ? 'no language model'
          : `${formatQuantity(totals.calls, 'call')}, ${formatShort(totals.promptTokens + totals.completionTokens)} tokens${totals.cost === undefined ? '' : `, cost ${formatCost(totals.cost)}`}`,
    ],
    ['Time', ({ trace }) => formatDuration(trace.progress().elapsedMs)],
    ['Answer', ({ trace }) => trace.result?.answer ?? 'none yet'],
  ];
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="The two runs">
      <table>
        <thead>
          <tr>
            <td />
            {runs.map(({ view, trace }, index) => (
              <th key={index} scope="col">
                <a href={`/runs/${encodeURIComponent(view?.runId ?? '')}`}>
                  {index === 0 ? 'First run' : 'Second run'}
                </a>{' '}
                <StatusChip status={trace.result ? 'finished' : (view?.status ?? 'stopped')} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {runs.map((run, index) => (
                <td key={index} class="cell-text">
                  <span class="own-words clamp">{of(run)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
