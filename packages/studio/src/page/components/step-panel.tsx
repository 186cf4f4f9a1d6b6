import { useState } from 'preact/hooks';
import { callJson } from '../api/client.ts';
import type { StepRequest } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { formatCount, formatDuration, formatQuantity } from '../format.ts';
import type { Attempt, Stop, Trace } from '../trace/trace.ts';
import { DocumentSection } from './document-view.tsx';
import { MemoryView } from './memory-view.tsx';
import { describeStop, nameOfStop, stateWords } from './strip.tsx';
import { Tabs } from './tabs.tsx';

export interface StepPanelProps {
  runId: string;
  trace: Trace;
  index: number;
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
export function StepPanel({ runId, trace, index, isFollowing, onSelect, onSection }: StepPanelProps) {
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
          {nameOfStop(stop)} <span class="quiet small">{stateWords[stop.state]}</span>
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
              <p class="quiet">
                {stop.state === 'skipped'
                  ? 'The strategy did not hand this section to the model.'
                  : 'Not done yet.'}
              </p>
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
          <Exchange runId={runId} stop={stop} hasModel={trace.settings?.model !== null} />
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

/** What was sent and what came back, word for word. */
function Exchange({ runId, stop, hasModel }: { runId: string; stop: Stop; hasModel: boolean }) {
  if (!hasModel) return <p class="quiet">No language model was asked: this reader quotes by itself.</p>;
  if (stop.attempts.length === 0 || stop.step === undefined) {
    return <p class="quiet">Nothing was sent for this section.</p>;
  }
  return (
    <>
      <Request runId={runId} step={stop.step} />
      {stop.attempts.map((attempt, index) => (
        <Reply key={index} attempt={attempt} />
      ))}
    </>
  );
}

function Request({ runId, step }: { runId: string; step: string }) {
  const { value, error } = useLoad(`${runId}/${step}`, (signal) =>
    callJson<StepRequest>(`/v1/runs/${encodeURIComponent(runId)}/request?${new URLSearchParams({ step })}`, {
      signal,
    }),
  );
  if (error !== undefined) return <p class="notice bad">{error}</p>;
  if (!value) return <p class="quiet">Making the request again …</p>;
  return (
    <>
      {value.messages.map(({ role, content }, index) => (
        <div key={index} class="stack tight">
          <h3>Sent, as {role}</h3>
          <div class="prompt verbatim" tabIndex={0} role="region" aria-label={`Sent, as ${role}`}>
            {content}
          </div>
        </div>
      ))}
      <p class="small quiet mono own-words">{JSON.stringify(value.settings)}</p>
    </>
  );
}

function Reply({ attempt }: { attempt: Attempt }) {
  const { number, problem, status, reply, finishReason, usage, elapsedMs } = attempt;
  const facts = [
    ...(usage ? [`${formatCount(usage.completionTokens)} tokens`] : []),
    ...(elapsedMs === undefined ? [] : [formatDuration(elapsedMs)]),
    ...(finishReason === undefined ? [] : [`ended by ${finishReason}`]),
  ];
  return (
    <div class="stack tight">
      <h3>
        Received{number > 1 ? `, attempt ${number}` : ''} <span class="quiet small">{facts.join(' · ')}</span>
      </h3>
      {problem !== undefined && (
        <p class="notice warn own-words">
          {status === undefined ? '' : `Status ${status}. `}
          {problem}
        </p>
      )}
      {reply !== undefined && (
        <div class="prompt verbatim" tabIndex={0} role="region" aria-label="Received">
          {reply}
        </div>
      )}
      {reply === undefined && problem === undefined && <p class="quiet">Nothing came back yet.</p>}
    </div>
  );
}
