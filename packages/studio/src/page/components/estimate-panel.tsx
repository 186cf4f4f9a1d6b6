import { useEffect, useState } from 'preact/hooks';
import { callJson, messageOf } from '../api/client.ts';
import type { Estimate, NewRun, RunPage, RunView } from '../api/types.ts';
import { formatCost, formatCount, formatDuration, formatShort } from '../format.ts';
import { ErrorNotice } from './status.tsx';

/** How long after the last change the documents are looked at. */
const delayMs = 700;

export interface EstimatePanelProps {
  /** Undefined while something is missing. */
  run: NewRun | undefined;
  /** How many runs are to be started. */
  runs: number;
  missing: string | undefined;
}

/** What the run would use at most, before it begins. */
export function EstimatePanel({ run, runs, missing }: EstimatePanelProps) {
  const [shown, setShown] = useState<{ key: string; estimate?: Estimate; timeMs?: number; error?: string }>();
  const key = JSON.stringify(run) ?? '';

  useEffect(() => {
    if (run === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    const load = async (): Promise<void> => {
      try {
        const estimate = await callJson<Estimate>('/v1/runs/estimate', { method: 'POST', body: run, signal });
        setShown({ key, estimate });
        const timeMs = await expectTime(run.model ?? '', estimate, signal);
        if (timeMs !== undefined) setShown({ key, estimate, timeMs });
      } catch (error) {
        if (!signal.aborted) setShown({ key, error: messageOf(error) });
      }
    };
    const timer = setTimeout(() => void load(), delayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key]);

  if (run === undefined) return <p class="quiet">{missing ?? 'Loading …'}</p>;
  if (shown?.key !== key) {
    return (
      <p class="quiet" role="status">
        Counting what it would use …
      </p>
    );
  }
  const { estimate, timeMs, error } = shown;
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (estimate === undefined) return null;
  const { sections, tokens, calls, promptTokens, completionTokens, cost, exact } = estimate;
  return (
    <div role="status" class="stack tight">
      <dl class="figures">
        <Figure name="Document" value={formatShort(tokens)} note="tokens" />
        <Figure name="Sections" value={formatCount(sections)} />
        <Figure name="Calls, at most" value={formatCount(calls * runs)} />
        <Figure name="Tokens, at most" value={formatShort((promptTokens + completionTokens) * runs)} />
        <Figure name="Time, about" value={timeMs === undefined ? '–' : formatDuration(timeMs * runs)} />
        <Figure
          name="Cost, at most"
          value={calls === 0 ? 'none' : cost === undefined ? '–' : formatCost(cost * runs)}
          note={calls > 0 && cost === undefined ? 'no prices' : ''}
        />
      </dl>
      <p class="small quiet">
        {exact ? '' : 'The tokenizer is not known: counts of tokens are upper bounds. '}
        {timeMs === undefined
          ? 'The time is told once a run with this model has finished here.'
          : 'The time follows from the last run with this model.'}
        {runs > 1 ? ` For ${runs} runs together, each as large as the first.` : ''}
      </p>
    </div>
  );
}

export function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** As long as the last run with the model took, by calls, or by tokens where there are none. */
async function expectTime(
  model: string,
  { calls, tokens }: Estimate,
  signal: AbortSignal,
): Promise<number | undefined> {
  const query = new URLSearchParams({ search: model, status: 'finished', limit: '5' });
  const { data } = await callJson<RunPage>(`/v1/runs?${query}`, { signal });
  const last = data.find((run) => run.model === model && run.sections > 0);
  if (last === undefined) return undefined;
  const { result } = await callJson<RunView>(`/v1/runs/${encodeURIComponent(last.runId)}`, { signal });
  if (result === null || result.tokens === 0) return undefined;
  if (calls > 0)
    return result.usage.calls === 0 ? undefined : (result.elapsedMs / result.usage.calls) * calls;
  return result.usage.calls > 0 ? undefined : (result.elapsedMs / result.tokens) * tokens;
}
