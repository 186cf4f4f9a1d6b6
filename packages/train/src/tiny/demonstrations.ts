/**
 * Conversations to imitate in warm-up: documents of one and two sections, read by the rule that a perfect reader
 * would follow. Longer documents are only ever seen in reinforcement learning, without demonstrations.
 */
import { createRandom, type Random } from '@memagent/eval';
import { type PromptTemplate, renderPrompt } from '@memagent/core';
import type { Demonstration } from '../trainer/training-setup.ts';
import type { TinyObservation } from './sample-batch.ts';
import { createTinyTask, type Fact, type TinyTask, type TinyTaskName } from './tiny-task.ts';
import { encode, encodeChat } from './tiny-tokenizer.ts';
import { endId, keepId } from './vocabulary.ts';

export interface DemonstrationOptions {
  template: PromptTemplate;
  tasks: readonly TinyTaskName[];
  /** Conversations of a batch. */
  size: number;
  seed: number;
  /** Steps with sections of 16 words only, which are learnt faster; those of full length follow. */
  shortSteps: number;
  /** Every other reading has up to so many distractors in a section. Default: as many as all others. */
  distractors?: number;
  /** The reader that is shown cannot tell what is asked for: see {@link readByRule}. Default false. */
  undecided?: boolean;
}

const shortWords = 16;

/** The batch of a step: whole readings, one after the other, the last one cut where the batch is full. */
export function demonstrationsAt(
  step: number,
  { template, tasks, size, seed, shortSteps, distractors, undecided = false }: DemonstrationOptions,
): Demonstration<TinyObservation>[] {
  const batch: Demonstration<TinyObservation>[] = [];
  for (let index = 0; batch.length < size; index++) {
    const random = createRandom(`demonstration/${seed}/${step}/${index}`);
    const name = random.pick(tasks);
    const sections = random.between(1, 2);
    const facts = factsFor(name, random);
    const task = createTinyTask({
      name,
      sections,
      facts,
      seed: random.between(0, 0x7fff_ffff),
      index,
      ...(step <= shortSteps ? { words: shortWords } : {}),
      ...(distractors !== undefined && index % 2 === 1 ? { distractors } : {}),
    });
    batch.push(...readByRule(task, template, undecided ? random : undefined));
  }
  return batch.slice(0, size);
}

/**
 * A reader must also learn what to leave alone: every other document tells nothing of what is asked for, and one that
 * might tell several facts may have a section without them.
 */
function factsFor(name: TinyTaskName, random: Random): number {
  if (random.between(1, 2) === 1) return 0;
  return name === 'needle' ? 1 : random.between(1, 2);
}

/**
 * All conversations of a perfect reading. With `undecided`, of one that in a section without the fact that is asked
 * for takes another one every other time: what is left to be learnt is to leave those alone.
 */
export function readByRule(
  task: TinyTask,
  template: PromptTemplate,
  undecided?: Random,
): Demonstration<TinyObservation>[] {
  const { question } = task;
  const conversations: Demonstration<TinyObservation>[] = [];
  let memory: string[] = [];
  const show = (): string => memory.join(' ');
  for (let section = 0; section < task.sections; section++) {
    const prompt = renderPrompt(template, 'update', {
      question,
      memory: show(),
      section: task.textOf(section),
      number: section + 1,
      words: 0,
    });
    const facts = task.factsOf(section);
    const ruled = remember(task, memory, facts);
    const isMistaken = undecided && ruled === memory && facts.length > 0 && undecided.between(1, 2) === 1;
    const next = isMistaken ? [undecided.pick(facts).value] : ruled;
    const isKept = template.keep !== undefined && next === memory;
    conversations.push({
      observation: encodeChat(prompt.map(({ content }) => content)),
      actions: isKept ? [keepId] : [...encode(next.join(' ') || template.emptyMemory), endId],
    });
    memory = next;
  }
  const prompt = renderPrompt(template, 'answer', { question, memory: show() });
  conversations.push({
    observation: encodeChat(prompt.map(({ content }) => content)),
    actions: [...encode(show() || template.notFound), endId],
  });
  return conversations;
}

/** The rule; the memory itself where the section adds nothing. */
function remember({ name, question }: TinyTask, memory: string[], facts: readonly Fact[]): string[] {
  const [, subject = ''] = question.split(' ');
  const key = name === 'chain' ? (memory.at(-1) ?? subject) : subject;
  const value = facts.findLast((fact) => fact.key === key)?.value;
  if (value === undefined) return memory;
  return name === 'values' ? [...memory, value] : [value];
}
