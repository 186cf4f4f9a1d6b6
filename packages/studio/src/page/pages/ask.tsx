import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { callJson, messageOf } from '../api/client.ts';
import type { NewRun, RunView, Sample, ServedModel, Setting } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { DocumentPicker, type PickedDocument } from '../components/document-picker.tsx';
import { EstimatePanel } from '../components/estimate-panel.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { SettingsForm, type SettingValues, settingsOf } from '../components/settings-form.tsx';
import { ErrorNotice, Loading } from '../components/status.tsx';
import { formatQuantity, formatTime } from '../format.ts';

/** Documents, a question, a model and its settings; what it would use; and the start. */
export function AskPage() {
  const { route } = useLocation();
  const served = useLoad('served', async (signal) => {
    const [models, samples] = await Promise.all([
      callJson<{ data: ServedModel[] }>('/v1/models', { signal }),
      callJson<{ data: Sample[] }>('/v1/samples', { signal }),
    ]);
    return { models: models.data, samples: samples.data };
  });
  const [documents, setDocuments] = useState<PickedDocument[]>([]);
  const [question, setQuestion] = useState('');
  const [areMany, setMany] = useState(false);
  const [chosenModel, setModel] = useState<string>();
  const [values, setValues] = useState<SettingValues>({});
  const [error, setError] = useState<string>();
  const [isStarting, setStarting] = useState(false);

  const models = served.value?.models ?? [];
  const model = models.find(({ id }) => id === chosenModel) ?? models[0];
  const settings = useLoad(`settings/${model?.id}`, async (signal) =>
    model === undefined
      ? []
      : (
          await callJson<{ settings: Setting[] }>(
            `/v1/settings?${new URLSearchParams({ model: model.id })}`,
            {
              signal,
            },
          )
        ).settings,
  );
  const given = settingsOf(values, settings.value ?? []);
  const questions = areMany ? question.split('\n').filter((line) => line.trim() !== '') : [question.trim()];
  const samples = served.value?.samples ?? [];
  const suggestions = samples
    .filter(({ id }) => documents.some(({ input }) => 'sample' in input && input.sample === id))
    .flatMap((sample) => sample.questions);

  const missing =
    documents.length === 0
      ? 'Add a document first.'
      : questions.length === 0 || questions[0] === ''
        ? 'Write the question first.'
        : undefined;
  const run: NewRun | undefined =
    missing === undefined && model !== undefined && given.ok
      ? {
          question: questions[0] ?? '',
          documents: documents.map(({ input }) => input),
          model: model.id,
          settings: given.settings,
        }
      : undefined;

  async function start(): Promise<void> {
    if (run === undefined) {
      setError(missing ?? (given.ok ? 'The server was not reached yet.' : given.problem));
      return;
    }
    setStarting(true);
    setError(undefined);
    try {
      if (areMany && questions.length > 1) {
        const batch = `${documents[0]?.name ?? 'batch'}, ${formatTime(Date.now())}`;
        for (const one of questions) {
          await callJson('/v1/runs', { method: 'POST', body: { ...run, question: one.trim(), batch } });
        }
        route(`/batches/${encodeURIComponent(batch)}`);
      } else {
        const { runId } = await callJson<RunView>('/v1/runs', { method: 'POST', body: run });
        route(`/runs/${encodeURIComponent(runId)}`);
      }
    } catch (reason) {
      setError(messageOf(reason));
      setStarting(false);
    }
  }

  return (
    <>
      <PageTitle title="Ask a question of documents of any length" />
      {served.error !== undefined && <ErrorNotice>{served.error}</ErrorNotice>}
      {served.isLoading && <Loading what="what this server has" />}
      <form
        class="columns ask"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void start();
        }}
      >
        <div class="stack">
          <section class="panel" aria-labelledby="documents-title">
            <h2 id="documents-title">1. Documents</h2>
            <DocumentPicker documents={documents} samples={samples} onChange={setDocuments} />
          </section>
          <section class="panel" aria-labelledby="question-title">
            <h2 id="question-title">2. Question</h2>
            <div class="field">
              <label for="question">{areMany ? 'Questions, one a line' : 'Question'}</label>
              <textarea
                id="question"
                class="input"
                rows={areMany ? 6 : 3}
                value={question}
                onInput={(event) => setQuestion(event.currentTarget.value)}
              />
              <p class="hint">Names and dates help. The answer points to the places that it comes from.</p>
            </div>
            <label class="row">
              <input
                type="checkbox"
                checked={areMany}
                onChange={(event) => setMany(event.currentTarget.checked)}
              />
              Several questions, one a line: a run for each, as a batch
            </label>
            {suggestions.length > 0 && (
              <div class="row">
                <span class="small quiet">Try:</span>
                {suggestions.map((suggestion) => (
                  <button key={suggestion} type="button" class="link" onClick={() => setQuestion(suggestion)}>
                    {suggestion}
                  </button>
                ))}
              </div>
            )}
          </section>
        </div>
        <div class="stack">
          <section class="panel" aria-labelledby="reading-title">
            <h2 id="reading-title">3. How it is read</h2>
            <div class="field">
              <label for="model">Model</label>
              <select
                id="model"
                class="input"
                value={model?.id}
                aria-describedby="model-hint"
                onChange={(event) => setModel(event.currentTarget.value)}
              >
                {models.map(({ id }) => (
                  <option key={id} value={id}>
                    {id}
                  </option>
                ))}
              </select>
              <p class="hint" id="model-hint">
                {model?.description}
              </p>
            </div>
            {settings.error !== undefined && <ErrorNotice>{settings.error}</ErrorNotice>}
            <SettingsForm
              settings={settings.value ?? []}
              values={values}
              hasLanguageModel={model?.has_language_model ?? false}
              onChange={setValues}
            />
          </section>
          <section class="panel" aria-labelledby="start-title">
            <h2 id="start-title">4. Start</h2>
            <EstimatePanel
              run={run}
              runs={questions.length}
              missing={missing ?? (given.ok ? undefined : given.problem)}
            />
            {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
            <div class="row">
              <button type="submit" class="button primary" disabled={isStarting}>
                {isStarting
                  ? 'Starting …'
                  : areMany && questions.length > 1
                    ? `Start ${formatQuantity(questions.length, 'run')}`
                    : 'Start reading'}
              </button>
              <span class="small quiet">
                or <kbd>Ctrl</kbd> <kbd>Enter</kbd>
              </span>
            </div>
          </section>
        </div>
      </form>
    </>
  );
}
