import type { Citation } from '@memagent/core';
import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { callJson, messageOf } from '../api/client.ts';
import type { RunView } from '../api/types.ts';
import { useRun } from '../api/use-run.ts';
import { Answer, CitationList } from '../components/answer.tsx';
import { DocumentDrawer, type OpenDocument } from '../components/document-drawer.tsx';
import { FactSearch } from '../components/fact-search.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { type RunAction, RunActions } from '../components/run-actions.tsx';
import { RunFigures } from '../components/run-figures.tsx';
import { isTyping } from '../components/shortcuts.tsx';
import { ErrorNotice, Loading, StatusChip } from '../components/status.tsx';
import { StepPanel } from '../components/step-panel.tsx';
import { Strip, StripLegend } from '../components/strip.tsx';
import { formatQuantity, formatTime } from '../format.ts';
import { useStepKeys } from '../components/use-step-keys.ts';
import type { Trace } from '../trace/trace.ts';
import { describeDocuments } from './runs.tsx';

/** A run as it goes and as it went: watched while it reads, checked when it has answered. */
export function RunPage() {
  const { params } = useRoute();
  const runId = params['id'] ?? '';
  return <WatchedRunPage key={runId} runId={runId} />;
}

function WatchedRunPage({ runId }: { runId: string }) {
  const { path, query, route } = useLocation();
  const { trace, view, isLoaded, isConnected, error, restart } = useRun(runId);
  // The step is in the address: a link to it, and a reload, show the same. Without one the newest is followed.
  const [picked, setPicked] = useState<number | undefined>(() =>
    query['step'] === undefined ? undefined : Number(query['step']) - 1,
  );
  const [failure, setFailure] = useState<string>();
  const [opened, setOpened] = useState<OpenDocument>();

  const { stops } = trace;
  const newest = newestStop(trace.stops.length, trace.done);
  const selected = Math.max(0, Math.min(picked ?? newest, stops.length - 1));
  const select = (index: number | undefined): void => {
    const place = index === undefined ? undefined : Math.max(0, Math.min(index, stops.length - 1));
    setPicked(place);
    history.replaceState(history.state, '', place === undefined ? path : `${path}?step=${place + 1}`);
  };
  const openSection = (section: number): void => setOpened({ section, title: `Section ${section}` });
  const openCitation = (citation: Citation): void =>
    setOpened({
      section: citation.mark,
      title: citation.source,
      highlight: { source: citation.source, start: citation.start, end: citation.end },
      ...(citation.page === null ? {} : { page: citation.page, quote: citation.text }),
    });

  useStepKeys(selected, stops.length - 1, select);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'f' || isTyping(event) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      select(undefined);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });

  async function act(action: RunAction): Promise<void> {
    setFailure(undefined);
    const address = `/v1/runs/${encodeURIComponent(runId)}`;
    try {
      if (action === 'delete') {
        await callJson(address, { method: 'DELETE' });
        route('/runs');
        return;
      }
      await callJson<RunView>(`${address}/${action}`, {
        method: 'POST',
        ...(action === 'resume' ? { body: {} } : {}),
      });
      restart();
    } catch (reason) {
      setFailure(messageOf(reason));
    }
  }

  if (error !== undefined) {
    return (
      <>
        <PageTitle title="Run" />
        <ErrorNotice>{error}</ErrorNotice>
      </>
    );
  }
  if (view === undefined) return <Loading what="the run" />;
  const status = trace.result
    ? 'finished'
    : trace.stopped && view.status !== 'cancelled'
      ? 'stopped'
      : view.status;
  const result = trace.result ?? view.result;
  const expected = status === 'finished' ? stops.length : (trace.progress().sections ?? stops.length);

  return (
    <>
      <div class="stack tight">
        <PageTitle title={view.question}>
          <StatusChip status={status} />
        </PageTitle>
        <p class="quiet small own-words">
          {describeDocuments(view.documents)} · {view.model ?? `${view.settings.reader} reader`} ·{' '}
          {view.settings.reader} reader, {view.settings.strategy} strategy · {formatTime(view.createdAt)} ·
          run <span class="mono">{runId}</span>
        </p>
      </div>
      <RunActions runId={runId} status={status} onAct={(action) => void act(action)} />
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {!isConnected && (
        <p class="notice warn" role="status">
          The connection to the server is lost; it is tried again. Nothing is lost: the run goes on, or can be
          resumed.
        </p>
      )}
      {status === 'stopped' && (
        <p class="notice warn" role="status">
          {whyStopped(trace.stopped)} All that was read is kept.
        </p>
      )}
      {status === 'cancelled' && (
        <p class="notice" role="status">
          Cancelled after {formatQuantity(trace.done, 'section')}. It cannot be resumed. The memory up to
          there, and what was sent and received, are kept until you delete the run.
        </p>
      )}
      <section class="panel" aria-label="Progress">
        <RunFigures trace={trace} status={status} />
        <Strip stops={stops} expected={expected} selected={selected} onSelect={select} />
        <StripLegend />
      </section>
      {result && (
        <section class="panel" aria-labelledby="answer-title">
          <h2 id="answer-title">Answer</h2>
          <Answer result={result} onCitation={openCitation} />
          <CitationList result={result} onCitation={openCitation} />
        </section>
      )}
      <div class="columns run">
        <StepPanel
          runId={runId}
          trace={trace}
          index={selected}
          isRunning={status === 'running'}
          isFollowing={picked === undefined && status === 'running'}
          onSelect={select}
          onSection={openSection}
        />
        <FactSearch trace={trace} onSelect={select} onSection={openSection} />
      </div>
      {!isLoaded && status !== 'running' && <Loading what="the steps" />}
      <DocumentDrawer
        runId={runId}
        sections={trace.spans.length}
        document={opened}
        sources={trace.sources}
        onClose={() => setOpened(undefined)}
      />
    </>
  );
}

/** Whoever stopped it says so in the message; what failed or was reached does not. */
function whyStopped(stopped: Trace['stopped']): string {
  if (stopped === undefined) return 'Stopped: the process that read it ended.';
  return stopped.code === 'AbortError' ? stopped.message : `Stopped: ${stopped.message}`;
}

/** The last one that is done: what is being read has nothing to show yet. */
function newestStop(stops: number, done: number): number {
  return done === 0 || done >= stops ? stops - 1 : done - 1;
}
