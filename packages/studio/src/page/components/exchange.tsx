import { callJson } from '../api/client.ts';
import type { StepRequest } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { formatCount, formatDuration, formatQuantity } from '../format.ts';
import type { Attempt, Stop } from '../trace/trace.ts';

/** Under that of the attempt, where there are several. */
type Heading = 'h3' | 'h4';

export interface ExchangeProps {
  runId: string;
  stop: Stop;
  hasModel: boolean;
  /** A reply can still come. */
  isRunning: boolean;
}

/** What was sent and what came back, word for word, attempt by attempt. */
export function Exchange({ runId, stop, hasModel, isRunning }: ExchangeProps) {
  const { attempts, step } = stop;
  if (!hasModel) return <p class="quiet">No language model was asked: this reader quotes by itself.</p>;
  if (attempts.length === 0 || step === undefined) {
    return <p class="quiet">Nothing was sent for this section.</p>;
  }
  const isOnly = attempts.length === 1;
  const heading = isOnly ? 'h3' : 'h4';
  return (
    <>
      {!isOnly && (
        <p class="small quiet">
          Asked {formatQuantity(attempts.length, 'time')}. The requests are made again from the document; the
          replies are those that the trace of the run has kept, reasoning left out.
        </p>
      )}
      {attempts.map((attempt, index) => {
        const before = attempts[index - 1];
        return (
          <section key={index} class="stack" aria-label={`Attempt ${index + 1}`}>
            {!isOnly && (
              <h3>
                Attempt {index + 1} of {attempts.length}
              </h3>
            )}
            {before !== undefined && attempt.promptTokens === before.promptTokens ? (
              <p class="quiet">{sameAsBefore(attempt, before)}</p>
            ) : (
              <Request runId={runId} step={step} number={index + 1} heading={heading} />
            )}
            <Reply
              attempt={attempt}
              isAwaited={isRunning && index === attempts.length - 1}
              heading={heading}
            />
          </section>
        );
      })}
    </>
  );
}

/** A prompt of as many tokens is the same: one that says what was wrong is longer. */
function sameAsBefore(attempt: Attempt, before: Attempt): string {
  const room =
    attempt.maxOutputTokens === before.maxOutputTokens
      ? ''
      : `, with room for a reply of ${formatCount(attempt.maxOutputTokens)} tokens instead of ${formatCount(before.maxOutputTokens)}`;
  const session = attempt.number === 1 ? ', after the run was resumed' : '';
  return `Sent: the same again, word for word${room}${session}.`;
}

interface RequestProps {
  runId: string;
  step: string;
  number: number;
  heading: Heading;
}

function Request({ runId, step, number, heading: Title }: RequestProps) {
  const { value, error } = useLoad(`${runId}/${step}/${number}`, (signal) => {
    const query = new URLSearchParams({ step, attempt: String(number) });
    return callJson<StepRequest>(`/v1/runs/${encodeURIComponent(runId)}/request?${query}`, { signal });
  });
  if (error !== undefined) return <p class="notice bad">{error}</p>;
  if (!value) return <p class="quiet">Making the request again …</p>;
  return (
    <>
      {value.messages.map(({ role, content }, index) => (
        <div key={index} class="stack tight">
          <Title>Sent, as {role}</Title>
          <div class="prompt verbatim" tabIndex={0} role="region" aria-label={`Sent, as ${role}`}>
            {content}
          </div>
        </div>
      ))}
      <p class="small quiet mono own-words">{JSON.stringify(value.settings)}</p>
    </>
  );
}

interface ReplyProps {
  attempt: Attempt;
  isAwaited: boolean;
  heading: Heading;
}

function Reply({ attempt, isAwaited, heading: Title }: ReplyProps) {
  const { problem, status, reply, finishReason, usage, elapsedMs } = attempt;
  const facts = [
    ...(usage ? [`${formatCount(usage.completionTokens)} tokens`] : []),
    ...(elapsedMs === undefined ? [] : [formatDuration(elapsedMs)]),
    ...(finishReason === undefined ? [] : [`ended by ${finishReason}`]),
  ];
  return (
    <div class="stack tight">
      <Title>
        Received <span class="quiet small">{facts.join(' · ')}</span>
      </Title>
      {reply !== undefined && reply !== '' && (
        <div class="prompt verbatim" tabIndex={0} role="region" aria-label="Received">
          {reply}
        </div>
      )}
      {problem !== undefined && (
        <p class="notice warn own-words">
          Of no use: {status === undefined || problem.includes(String(status)) ? '' : `status ${status}, `}
          {problem}
        </p>
      )}
      {!reply && <p class="quiet">{withoutReply(attempt, isAwaited)}</p>}
    </div>
  );
}

function withoutReply({ reply, problem }: Attempt, isAwaited: boolean): string {
  if (reply === '') return 'The reply had no text but, at most, reasoning, which the trace does not keep.';
  if (problem !== undefined) return 'The trace has no reply to this attempt, only why it failed.';
  return isAwaited
    ? 'Nothing came back yet.'
    : 'The trace has no reply: the call failed, or the run was stopped before one came.';
}
