import { callJson } from '../api/client.ts';
import type { RunPage } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { formatTime } from '../format.ts';

/** Most runs to choose from. */
const mostOffered = 100;

export interface RunChoiceProps {
  label: string;
  value: string;
  onChange: (runId: string) => void;
}

/** Chooses one of the newest runs. */
export function RunChoice({ label, value, onChange }: RunChoiceProps) {
  const { value: page } = useLoad('runs', (signal) =>
    callJson<RunPage>(`/v1/runs?limit=${mostOffered}`, { signal }),
  );
  const runs = page?.data ?? [];
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Choose a run …</option>
        {value !== '' && !runs.some(({ runId }) => runId === value) && <option value={value}>{value}</option>}
        {runs.map(({ runId, question, settings, createdAt }) => (
          <option key={runId} value={runId}>
            {shorten(question)} · {settings.strategy} · {formatTime(createdAt)} · {runId}
          </option>
        ))}
      </select>
    </label>
  );
}

function shorten(text: string): string {
  return text.length > 70 ? `${text.slice(0, 70)}…` : text;
}
