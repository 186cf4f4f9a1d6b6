import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunStatus } from '../api/types.ts';
import { formatCost, formatCount, formatDuration, formatShort } from '../format.ts';
import type { Trace } from '../trace/trace.ts';
import { Figure } from './estimate-panel.tsx';

/** How often screen readers are told how far it is. */
const tellingMs = 15_000;

/** How far a run is, what it used, how fast it is, and how long it will take. */
export function RunFigures({ trace, status }: { trace: Trace; status: RunStatus }) {
  const { totals, done } = trace;
  const { sections, passes, tokensPerSecond, remainingMs, elapsedMs } = trace.progress();
  const isRunning = status === 'running';
  const share = sections ? Math.min(1, done / sections) : undefined;
  const inPasses = passes === 1 ? '' : ' in two passes';
  const ofSections =
    status !== 'finished' && sections !== undefined ? `of about ${formatCount(sections)}` : '';
  const { cost } = totals;
  return (
    <>
      {isRunning && (
        <progress aria-label="Sections read" {...(share === undefined ? {} : { value: share })} max={1} />
      )}
      <Telling
        text={
          isRunning
            ? `${done} of about ${sections ?? 'an unknown number of'} sections${inPasses} read${remainingMs === undefined ? '' : `, ${formatDuration(remainingMs)} left`}.`
            : status === 'finished'
              ? 'The run has finished.'
              : status === 'cancelled'
                ? 'The run was cancelled.'
                : 'The run has stopped.'
        }
        isUrgent={!isRunning}
      />
      <dl class="figures">
        <Figure name="Sections" value={formatCount(done)} note={`${ofSections}${inPasses}`.trim()} />
        <Figure name="Time" value={formatDuration(elapsedMs)} />
        {isRunning && (
          <Figure name="Left, about" value={remainingMs === undefined ? '–' : formatDuration(remainingMs)} />
        )}
        <Figure
          name="Speed"
          value={tokensPerSecond === undefined ? '–' : formatShort(tokensPerSecond)}
          note="tokens/s"
        />
        <Figure
          name="Calls"
          value={formatCount(totals.calls)}
          note={totals.retries > 0 ? `${totals.retries} again` : ''}
        />
        <Figure
          name="Tokens used"
          value={formatShort(totals.promptTokens + totals.completionTokens)}
          note={totals.calls === 0 ? '' : `${formatShort(totals.completionTokens)} written`}
        />
        <Figure
          name="Cost"
          value={cost === undefined ? (totals.calls === 0 ? 'none' : '–') : formatCost(cost)}
          note={cost === undefined && totals.calls > 0 ? 'no prices' : ''}
        />
      </dl>
      {trace.notices.length > 0 && (
        <details>
          <summary>
            {trace.notices.length === 1 ? 'One note' : `${formatCount(trace.notices.length)} notes`} of the
            reader
          </summary>
          <ul class="stack tight">
            {trace.notices.slice(-50).map(({ code, message }, index) => (
              <li key={index} class="small own-words">
                <span class="mono">{code}</span> {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Tells how it stands, not more often than one can listen to. */
function Telling({ text, isUrgent }: { text: string; isUrgent: boolean }) {
  const [told, setTold] = useState(text);
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    if (isUrgent) {
      setTold(text);
      return;
    }
    const timer = setInterval(() => setTold(newest.current), tellingMs);
    return () => clearInterval(timer);
  }, [isUrgent, isUrgent && text]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {told}
    </p>
  );
}
