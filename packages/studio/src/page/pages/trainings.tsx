import type { RolloutRecord, StepMetrics } from '@memagent/train';
import { useRoute } from 'preact-iso';
import { useMemo, useState } from 'preact/hooks';
import type { TrainingSummary, TrainingView } from '../../result-views.ts';
import { callJson } from '../api/client.ts';
import { useLoad } from '../api/use-load.ts';
import { Chart } from '../components/chart.tsx';
import { Figure } from '../components/estimate-panel.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { ResultList } from '../components/result-list.tsx';
import { ErrorNotice, Loading } from '../components/status.tsx';
import { formatCount, formatDuration, formatQuantity } from '../format.ts';

/** What `memagent train` wrote into the folders that the server was started with. */
export function TrainingsPage() {
  const { value, error } = useLoad(
    'trainings',
    async (signal) => (await callJson<{ data: TrainingSummary[] }>('/v1/trainings', { signal })).data,
  );
  return (
    <>
      <PageTitle title="Training runs" />
      <ResultList
        what="training runs"
        results={value?.map((one) => ({
          ...one,
          href: `/trainings/${one.id}`,
          note: `preset ${one.preset}`,
        }))}
        error={error}
        command="memagent studio --trainings FOLDER"
      />
    </>
  );
}

interface Curve {
  title: string;
  lines: { name: string; of: (step: StepMetrics) => number | null }[];
}

const curves: readonly Curve[] = [
  { title: 'Reward', lines: [{ name: 'reward', of: ({ reward }) => reward }] },
  {
    title: 'Groups kept',
    lines: [
      {
        name: 'share kept',
        of: ({ groupsKept, groupsDrawn }) => (groupsDrawn === 0 ? null : groupsKept / groupsDrawn),
      },
    ],
  },
  { title: 'Entropy', lines: [{ name: 'nats', of: ({ entropy }) => entropy }] },
  { title: 'Clip fraction', lines: [{ name: 'share of actions', of: ({ clipFraction }) => clipFraction }] },
  {
    title: 'Divergence',
    lines: [
      { name: 'KL', of: ({ kl }) => kl },
      { name: 'drift', of: ({ drift }) => drift },
    ],
  },
  { title: 'Loss', lines: [{ name: 'loss', of: ({ loss }) => loss }] },
  { title: 'Gradient norm', lines: [{ name: 'norm', of: ({ gradientNorm }) => gradientNorm }] },
  { title: 'Learning rate', lines: [{ name: 'rate', of: ({ learningRate }) => learningRate }] },
];

/** Most points of a curve; between them means are drawn. */
const mostPoints = 400;

export function TrainingPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const { value, error } = useLoad(`training/${id}`, (signal) =>
    callJson<TrainingView>(`/v1/trainings/${encodeURIComponent(id)}`, { signal }),
  );
  const charts = useMemo(() => drawCurves(value?.metrics ?? []), [value]);
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (!value) return <Loading what="the training run" />;
  const { metrics, recorded, name, preset } = value;
  const last = metrics.at(-1);
  const sum = (of: (step: StepMetrics) => number): number =>
    metrics.reduce((total, step) => total + of(step), 0);
  return (
    <>
      <PageTitle title={`Training run ${name}`} />
      <section class="panel" aria-label="In short">
        <dl class="figures">
          <Figure name="Preset" value={preset} />
          <Figure name="Steps" value={formatCount(metrics.length)} />
          <Figure name="Reward, last step" value={last ? last.reward.toFixed(3) : '–'} />
          <Figure name="Rollouts" value={formatCount(sum(({ rollouts }) => rollouts))} />
          <Figure name="Failed" value={formatCount(sum(({ rolloutsFailed }) => rolloutsFailed))} />
          <Figure name="Time" value={formatDuration(last?.elapsedMs ?? 0)} />
        </dl>
      </section>
      {metrics.length === 0 && <p class="quiet">No step is finished yet.</p>}
      <div class="columns halves">
        {charts.map(({ title, points, lines }) => (
          <section key={title} class="panel" aria-label={title}>
            <Chart title={title} axis="step" points={points} lines={lines} />
          </section>
        ))}
      </div>
      {recorded.length > 0 && <Rollouts id={id} steps={recorded} />}
      <details class="panel">
        <summary>Settings</summary>
        <pre class="prompt verbatim">{JSON.stringify(value.config, null, 2)}</pre>
      </details>
    </>
  );
}

function drawCurves(metrics: readonly StepMetrics[]) {
  const stride = Math.max(1, Math.ceil(metrics.length / mostPoints));
  const stretches = Array.from({ length: Math.ceil(metrics.length / stride) }, (_, index) =>
    metrics.slice(index * stride, (index + 1) * stride),
  );
  const points = stretches.map((stretch) => stretch[0]?.step ?? 0);
  return curves
    .map(({ title, lines }) => ({
      title,
      points,
      lines: lines.map(({ name, of }) => ({
        name,
        values: stretches.map((stretch) => meanOf(stretch.map(of))),
      })),
    }))
    .filter(({ lines }) => lines.some(({ values }) => values.some((value) => value !== null)));
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Most rollouts of a step that are shown. */
const mostRollouts = 64;

function Rollouts({ id, steps }: { id: string; steps: readonly number[] }) {
  const [step, setStep] = useState(steps.at(-1) ?? 0);
  const { value, error } = useLoad(
    `rollouts/${id}/${step}`,
    async (signal) =>
      (
        await callJson<{ data: RolloutRecord[] }>(
          `/v1/trainings/${encodeURIComponent(id)}/rollouts/${step}`,
          { signal },
        )
      ).data,
  );
  return (
    <section class="panel" aria-labelledby="rollouts-title">
      <div class="row between">
        <h2 id="rollouts-title">Rollouts</h2>
        <label class="row">
          <span class="nowrap">Of step</span>
          <select class="input" value={step} onChange={(event) => setStep(Number(event.currentTarget.value))}>
            {steps.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      {!value && error === undefined && <Loading what="the rollouts" />}
      {value && (
        <p class="small quiet" role="status">
          {formatQuantity(value.length, 'rollout')}
          {value.length > mostRollouts ? `, the first ${mostRollouts} shown` : ''}
        </p>
      )}
      {value?.slice(0, mostRollouts).map((rollout) => (
        <Rollout key={`${rollout.group}/${rollout.rollout}`} rollout={rollout} />
      ))}
    </section>
  );
}

function Rollout({ rollout }: { rollout: RolloutRecord }) {
  const { group, question, answers, answer, advantage, kept, conversations } = rollout;
  return (
    <details>
      <summary>
        Group {group}, rollout {rollout.rollout}: <span class="own-words">{question}</span>{' '}
        <span class={`chip ${advantage > 0 ? 'good' : advantage < 0 ? 'bad' : ''}`}>
          advantage {advantage.toFixed(2)}
        </span>{' '}
        {!kept && <span class="chip">not trained on</span>}
      </summary>
      <dl class="stack tight">
        <dt class="quiet small">Expected</dt>
        <dd class="verbatim">{answers.join(' / ')}</dd>
        <dt class="quiet small">Answered</dt>
        <dd class="verbatim">{answer}</dd>
        <dt class="quiet small">Reward</dt>
        <dd class="mono own-words">{JSON.stringify(rollout.reward)}</dd>
      </dl>
      {conversations.map(({ step, observation, action }) => (
        <details key={step}>
          <summary class="mono">{step}</summary>
          <div class="columns halves">
            <div class="prompt verbatim" tabIndex={0} role="region" aria-label={`Seen in ${step}`}>
              {observation}
            </div>
            <div class="prompt verbatim" tabIndex={0} role="region" aria-label={`Done in ${step}`}>
              {action}
            </div>
          </div>
        </details>
      ))}
    </details>
  );
}
