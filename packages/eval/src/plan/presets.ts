/** The plans that come with the package. Lengths, numbers of items and strategies can be overridden. */
import { MemagentError, strategies } from '@memagent/core';
import { checkPlan, type Plan, type PlanInput } from './plan.ts';

/** All but the one that reads twice: it costs as much as two others, and is compared where it is asked for. */
const usualStrategies = strategies.map(({ name }) => name).filter((name) => name !== 'reread');

const needles = [
  'niah_single_1',
  'niah_single_2',
  'niah_single_3',
  'niah_multikey_1',
  'niah_multikey_2',
  'niah_multikey_3',
  'niah_multivalue',
  'niah_multiquery',
];
const ruler = [...needles, 'vt', 'cwe', 'fwe', 'qa_1', 'qa_2'];
const weakSpots = [
  'knowledge_update',
  'conflict',
  'ordering',
  'aggregation_count',
  'aggregation_sum',
  'aggregation_most_frequent',
  'multi_hop',
  'unanswerable',
  'needle_depth',
  'prompt_injection',
];

/** The paper's numbers of paragraphs: about 7K, 14K, … 3.5M tokens. */
const paperParagraphs = [50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600];

const at = (tasks: readonly string[], ...lengths: string[]): PlanInput['tasks'] =>
  tasks.map((task) => ({ task, lengths: lengths as [string, ...string[]] }));

const presets: Readonly<Record<string, Omit<PlanInput, 'name'>>> = {
  /** Under a minute without a model: does everything work? */
  smoke: {
    items: 1,
    strategies: usualStrategies,
    tasks: [
      ...(at(['niah_single_2', 'niah_multikey_1', 'vt', 'knowledge_update', 'unanswerable'], '4k', '16k') ??
        []),
      { task: 'ruler_hotpotqa', paragraphs: [50] },
    ],
  },
  ruler: { items: 5, strategies: usualStrategies, tasks: at(ruler, '8k', '32k', '128k') },
  'ruler-hqa': {
    items: 30,
    strategies: usualStrategies,
    tasks: [{ task: 'ruler_hotpotqa', paragraphs: [50, 100, 200, 400, 800, 1600, 3200] }],
  },
  'weak-spots': { items: 5, strategies: usualStrategies, tasks: at(weakSpots, '8k', '32k', '128k') },
  /** The grid of the paper: 128 questions at each length, and RULER from 8K to 512K. */
  paper: {
    items: 128,
    strategies: ['memory'],
    tasks: [
      { task: 'ruler_hotpotqa', paragraphs: paperParagraphs as [number, ...number[]] },
      ...(at(ruler, '8k', '16k', '32k', '64k', '128k', '256k', '512k') ?? []),
    ],
  },
};

/** Names of the presets. */
export const presetNames: readonly string[] = Object.freeze(Object.keys(presets));

/** A preset by name. Throws `invalid-option` with the names that exist. */
export function findPreset(name: string): Plan {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset) return checkPlan({ name, ...preset }, name);
  throw new MemagentError(
    `Unknown preset ${JSON.stringify(name)}; there are ${presetNames.join(', ')}, and custom with a plan file.`,
    { code: 'invalid-option', data: { option: 'preset', received: name } },
  );
}
