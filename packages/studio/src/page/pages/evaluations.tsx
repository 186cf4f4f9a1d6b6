import { useRoute } from 'preact-iso';
import { useMemo, useState } from 'preact/hooks';
import { callJson } from '../api/client.ts';
import type { EvaluationGroup, EvaluationSummary, EvaluationView } from '../../result-views.ts';
import { useLoad } from '../api/use-load.ts';
import { Chart } from '../components/chart.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { ResultList } from '../components/result-list.tsx';
import { ErrorNotice, Loading } from '../components/status.tsx';
import { formatCount, formatDuration, formatShare, formatShort } from '../format.ts';

/** What `memagent eval` wrote into the folders that the server was started with. */
export function EvaluationsPage() {
  const { value, error } = useLoad(
    'evaluations',
    async (signal) => (await callJson<{ data: EvaluationSummary[] }>('/v1/evaluations', { signal })).data,
  );
  return (
    <>
      <PageTitle title="Evaluations" />
      <ResultList
        what="evaluations"
        results={value?.map((one) => ({ ...one, href: `/evaluations/${one.id}`, note: '' }))}
        error={error}
        command="memagent studio --evaluations FOLDER"
      />
    </>
  );
}

export function EvaluationPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  const { value, error } = useLoad(`evaluation/${id}`, (signal) =>
    callJson<EvaluationView>(`/v1/evaluations/${encodeURIComponent(id)}`, { signal }),
  );
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (!value) return <Loading what="the evaluation" />;
  return (
    <>
      <PageTitle title={`Evaluation ${value.name}`} />
      {value.groups.length === 0 && <p class="quiet">No question has been answered yet.</p>}
      {value.tasks.map((task) => (
        <TaskPanel key={task} task={task} groups={value.groups.filter((group) => group.task === task)} />
      ))}
      {value.items.length > 0 && <Items items={value.items} />}
    </>
  );
}

function TaskPanel({ task, groups }: { task: string; groups: readonly EvaluationGroup[] }) {
  const chart = useMemo(() => chartOf(groups), [groups]);
  return (
    <section class="panel" aria-label={task}>
      <h2>{task}</h2>
      {chart.points.length > 1 && (
        <Chart
          title="Score by length of the document"
          axis={chart.unit}
          points={chart.points}
          lines={chart.lines}
          isLogarithmic
          areShares
        />
      )}
      <div class="table-frame" tabIndex={0} role="region" aria-label={`Scores of ${task}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Subject</th>
              <th scope="col" class="number">
                Length
              </th>
              <th scope="col" class="number">
                Score
              </th>
              <th scope="col" class="number">
                95%
              </th>
              <th scope="col" class="number">
                n
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number">
                Tokens each
              </th>
              <th scope="col" class="number">
                Time, median
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ series, length, score, low, high, n, failures, tokensPerQuestion, elapsedMs }) => (
              <tr key={`${series}/${length?.value}`}>
                <th scope="row">{series}</th>
                <td class="number">{length ? `${formatShort(length.value)} ${length.unit}` : '–'}</td>
                <td class="number">{formatShare(score)}</td>
                <td class="number">
                  {formatShare(low)} to {formatShare(high)}
                </td>
                <td class="number">{formatCount(n)}</td>
                <td class="number">{formatCount(failures)}</td>
                <td class="number">
                  {tokensPerQuestion === undefined ? '–' : formatShort(tokensPerQuestion)}
                </td>
                <td class="number">{elapsedMs === undefined ? '–' : formatDuration(elapsedMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function chartOf(groups: readonly EvaluationGroup[]) {
  const points = [...new Set(groups.flatMap(({ length }) => length?.value ?? []))].toSorted((a, b) => a - b);
  const lines = [...Map.groupBy(groups, ({ series }) => series)].map(([name, members]) => ({
    name,
    values: points.map((point) => members.find(({ length }) => length?.value === point)?.score ?? null),
  }));
  return { points, lines, unit: groups[0]?.length?.unit ?? 'length' };
}

/** Most answers in the table at once. */
const mostShown = 200;

function Items({ items }: { items: EvaluationView['items'] }) {
  const [words, setWords] = useState('');
  const [areWrong, setWrong] = useState(false);
  const wanted = words.toLowerCase();
  const found = items.filter(
    ({ question, prediction, item, score }) =>
      (!areWrong || score < 1) && `${question}\n${prediction}\n${item}`.toLowerCase().includes(wanted),
  );
  return (
    <section class="panel" aria-labelledby="items-title">
      <h2 id="items-title">Answers</h2>
      <search class="row">
        <div class="field grow">
          <label for="search-items">Search</label>
          <input
            id="search-items"
            class="input"
            type="search"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        <label class="row">
          <input
            type="checkbox"
            checked={areWrong}
            onChange={(event) => setWrong(event.currentTarget.checked)}
          />
          Only those not fully right
        </label>
      </search>
      <p class="small quiet" role="status">
        {formatCount(found.length)} answers{found.length > mostShown ? `, the first ${mostShown} shown` : ''}
      </p>
      <div class="table-frame scroller" tabIndex={0} role="region" aria-label="Answers">
        <table>
          <thead>
            <tr>
              <th scope="col">Question</th>
              <th scope="col">Expected</th>
              <th scope="col">Answered</th>
              <th scope="col" class="number">
                Score
              </th>
              <th scope="col">Subject</th>
            </tr>
          </thead>
          <tbody>
            {found
              .slice(0, mostShown)
              .map(({ item, series, question, answers, prediction, score, hasFailed }) => (
                <tr key={`${item}/${series}`}>
                  <th scope="row" class="cell-text">
                    <span class="own-words clamp">{question}</span>
                    <span class="mono small quiet">{item}</span>
                  </th>
                  <td class="cell-text">
                    <span class="own-words clamp">{answers.join(' / ')}</span>
                  </td>
                  <td class="cell-text">
                    <span class="own-words clamp">{prediction}</span>
                    {hasFailed && <span class="chip bad">failed</span>}
                  </td>
                  <td class="number">{formatShare(score)}</td>
                  <td>{series}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
