import { useState } from 'preact/hooks';
import { formatCount, formatDuration, formatQuantity } from '../format.ts';
import type { Stop, Trace } from '../trace/trace.ts';
import { DocumentSection } from './document-view.tsx';
import { Exchange } from './exchange.tsx';
import { MemoryView } from './memory-view.tsx';
import { describeStop, nameOfStop, wordsOfState } from './strip.tsx';
import { Tabs } from './tabs.tsx';

export interface StepPanelProps {
  runId: string;
  trace: Trace;
  index: number;
  /** Replies can still come. */
  isRunning: boolean;
  /** The newest step is shown as the run goes. */
  isFollowing: boolean;
  onSelect: (index: number | undefined) => void;
  onSection: (section: number) => void;
}

const tabs = [
  { name: 'changes', title: 'Memory' },
  { name: 'request', title: 'Sent and received' },
  { name: 'section', title: 'Section' },
] as const;

/** One step: what it made of the memory, what was sent and what came back, and the section that it read. */
export function StepPanel({
  runId,
  trace,
  index,
  isRunning,
  isFollowing,
  onSelect,
  onSection,
}: StepPanelProps) {
  const [tab, setTab] = useState<(typeof tabs)[number]['name']>('changes');
  const [isBrief, setBrief] = useState(false);
  const stop = trace.stops[index];
  if (!stop) {
    return (
      <section class="panel" aria-label="Step">
        <p class="quiet">Nothing was read yet.</p>
      </section>
    );
  }
  return (
    <section class="panel" aria-labelledby="step-title">
      <div class="row between">
        <h2 id="step-title">
          {nameOfStop(stop)} <span class="quiet small">{wordsOfState(stop)}</span>
        </h2>
        <div class="row">
          {isFollowing ? (
            <span class="chip running">following</span>
          ) : (
            <button type="button" class="button plain" onClick={() => onSelect(undefined)}>
              Newest
            </button>
          )}
          <button
            type="button"
            class="button"
            aria-label="Step before"
            disabled={index <= 0}
            onClick={() => onSelect(index - 1)}
          >
            ←
          </button>
          <button
            type="button"
            class="button"
            aria-label="Step after"
            disabled={index >= trace.stops.length - 1}
            onClick={() => onSelect(index + 1)}
          >
            →
          </button>
        </div>
      </div>
      <p class="small quiet">{factsOf(stop)}</p>
      {!isFollowing && (
        <p class="visually-hidden" aria-live="polite">
          {describeStop(stop)}
        </p>
      )}
      <Tabs label="Of this step" tabs={tabs} selected={tab} onSelect={setTab}>
        {tab === 'changes' && (
          <>
            {stop.kind === 'answer' ? (
              <p class="quiet">The answer was written from the memory as it stands after the last step.</p>
            ) : stop.memory === undefined ? (
              <p class="quiet">{withoutMemory(stop)}</p>
            ) : (
              <>
                <label class="row small">
                  <input
                    type="checkbox"
                    checked={isBrief}
                    onChange={(event) => setBrief(event.currentTarget.checked)}
                  />
                  Only what changed
                </label>
                <MemoryView
                  label="Memory after this step"
                  changes={trace.changesAt(index)}
                  isBrief={isBrief}
                  onSection={onSection}
                />
              </>
            )}
            {stop.kind === 'answer' && (
              <MemoryView
                label="Memory that the answer was written from"
                changes={trace
                  .changesAt(stop.before ?? -1)
                  .filter(({ kind }) => kind !== 'removed')
                  .map(({ sentence }) => ({ kind: 'kept' as const, sentence }))}
                onSection={onSection}
              />
            )}
          </>
        )}
        {tab === 'request' && (
          <Exchange
            runId={runId}
            stop={stop}
            hasModel={trace.settings?.model !== null}
            isRunning={isRunning}
          />
        )}
        {tab === 'section' &&
          (stop.section === undefined ? (
            <p class="quiet">This step reads no section.</p>
          ) : (
            <DocumentSection runId={runId} section={stop.section} />
          ))}
      </Tabs>
    </section>
  );
}

function withoutMemory({ state, records }: Stop): string {
  if (records !== undefined) return 'Records are collected here, and no memory is kept. The reply has them.';
  return state === 'skipped' ? 'The strategy did not hand this section to the model.' : 'Not done yet.';
}

function factsOf({ tokens, memoryTokens, usage, elapsedMs, attempts }: Stop): string {
  return [
    ...(tokens > 0 ? [`${formatQuantity(tokens, 'token')} of the document`] : []),
    ...(memoryTokens === undefined ? [] : [`memory of ${formatQuantity(memoryTokens, 'token')}`]),
    ...(usage && usage.calls > 0
      ? [`${formatCount(usage.promptTokens)} tokens sent, ${formatCount(usage.completionTokens)} received`]
      : []),
    ...(elapsedMs === undefined ? [] : [formatDuration(elapsedMs)]),
    ...(attempts.length > 1 ? [formatQuantity(attempts.length, 'attempt')] : []),
  ].join(' · ');
}
