import type { Setting } from '../api/types.ts';
import { formatName } from '../format.ts';

/** What was typed, by the setting's name; what is empty is as the server has it. */
export type SettingValues = Readonly<Record<string, string>>;

export type GivenSettings =
  | { ok: true; settings: Record<string, string | number> }
  | { ok: false; problem: string };

/** Shown at once; the others are behind a click. */
const first: ReadonlySet<string> = new Set(['reader', 'strategy']);

/** Of no use without a language model. */
const ofModels: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'seed',
  'reasoning',
  'maxCost',
  'concurrency',
  'outputTokens',
]);

/** The settings as the server takes them, or what is wrong with them. */
export function settingsOf(values: SettingValues, settings: readonly Setting[]): GivenSettings {
  const given: Record<string, string | number> = {};
  for (const setting of settings) {
    const text = values[setting.name]?.trim() ?? '';
    if (text === '') continue;
    const problem = problemOf(setting, text);
    if (problem !== undefined) return { ok: false, problem: `${formatName(setting.name)}: ${problem}` };
    given[setting.name] = setting.type === 'string' ? text : Number(text) * scaleOf(setting.name);
  }
  return { ok: true, settings: given };
}

/** What is wrong with a value; undefined when nothing is. */
function problemOf({ type, minimum, maximum }: Setting, text: string): string | undefined {
  if (type === 'string') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return `“${text}” is not a number.`;
  if (type === 'integer' && !Number.isInteger(value)) return 'give a whole number.';
  if (minimum !== undefined && value < minimum) return `the least is ${minimum}.`;
  if (maximum !== undefined && value > maximum) return `the most is ${maximum}.`;
  return undefined;
}

/** Times are asked for in minutes. */
function scaleOf(name: string): number {
  return name === 'maxTimeMs' ? 60_000 : 1;
}

export interface SettingsFormProps {
  settings: readonly Setting[];
  values: SettingValues;
  hasLanguageModel: boolean;
  onChange: (values: SettingValues) => void;
}

/** A field for each setting, with its sentence and its default. */
export function SettingsForm({ settings, values, hasLanguageModel, onChange }: SettingsFormProps) {
  const usable = settings
    .filter(({ name }) => hasLanguageModel || !ofModels.has(name))
    .map((setting) =>
      setting.name === 'reader' && !hasLanguageModel
        ? { ...setting, choices: setting.choices?.filter((choice) => choice !== 'model') ?? [] }
        : setting,
    );
  const field = (setting: Setting) => (
    <SettingField
      key={setting.name}
      setting={setting}
      value={values[setting.name] ?? ''}
      onChange={(value) => onChange({ ...values, [setting.name]: value })}
    />
  );
  return (
    <>
      {usable.filter(({ name }) => first.has(name)).map(field)}
      <details>
        <summary>Budgets, limits and sampling</summary>
        <div class="settings">{usable.filter(({ name }) => !first.has(name)).map(field)}</div>
      </details>
    </>
  );
}

function SettingField({
  setting,
  value,
  onChange,
}: {
  setting: Setting;
  value: string;
  onChange: (value: string) => void;
}) {
  const { name, description, choices } = setting;
  const id = `setting-${name}`;
  const isTime = name === 'maxTimeMs';
  const usual =
    setting.default === null ? (choices ? 'as the model has it' : 'none') : String(setting.default);
  const problem = value.trim() === '' ? undefined : problemOf(setting, value.trim());
  return (
    <div class="field">
      <label for={id}>{isTime ? 'Max time, in minutes' : formatName(name)}</label>
      {choices ? (
        <select
          id={id}
          class="input"
          value={value}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          <option value="">{usual} (default)</option>
          {choices
            .filter((choice) => choice !== setting.default)
            .map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
        </select>
      ) : (
        <input
          id={id}
          class="input number"
          inputMode="decimal"
          value={value}
          placeholder={usual}
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== undefined}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <p class="hint" id={`${id}-hint`}>
        {problem ?? (isTime ? 'The run stops, resumably, after so many minutes.' : description)}
      </p>
    </div>
  );
}
