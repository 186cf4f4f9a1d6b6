/**
 * Shaped rewards: hints beside the task's reward, all from 0 to 1 before their weight, off by default and always
 * reported apart.
 *
 * - **evidence**: how well the memory held on. The mean over the memory updates, from the first evidence on, of
 *   the fraction of the evidence read so far that the memory still has a mark of. Memories without any mark are
 *   looked at for the accepted answers' words instead.
 * - **length**: 1 for a rollout without output, 1/2 for 64 actions in the mean conversation, falling to 0.
 * - **gate**: the fraction of updates that were decided rightly: the memory changed in sections with evidence and
 *   stood in the others.
 */
import type { StoredEvent } from '@memagent/core';
import { findMetric, overlaps, sectionMarks } from '@memagent/eval';
import type { Conversation, Sample } from '../glossary.ts';

export type ShapedRewardName = 'evidence' | 'length' | 'gate';

export interface ShapedRewardInput {
  sample: Sample;
  events: readonly StoredEvent[];
  conversations: readonly Pick<Conversation<unknown>, 'actions'>[];
}

/** The shaped rewards of a rollout whose weight is above 0, weighted. */
export function shapedRewards(
  input: ShapedRewardInput,
  weights: Readonly<Record<ShapedRewardName, number>>,
): Record<string, number> {
  const rewards = { evidence: evidenceHeld, length: brevity, gate: gateDecisions };
  return Object.fromEntries(
    (Object.keys(rewards) as ShapedRewardName[])
      .filter((name) => weights[name] > 0)
      .map((name) => [name, weights[name] * rewards[name](input)]),
  );
}

interface MemoryUpdate {
  memory: string;
  changed: boolean;
  /** Sections of each piece of evidence, as far as it was read. */
  evidence: readonly ReadonlySet<number>[];
  /** Evidence stands in the section of this update. */
  isTelling: boolean;
}

/** The run's updates, each with the evidence that had been read by then. */
function memoryUpdates({ sample, events }: ShapedRewardInput): MemoryUpdate[] {
  const evidence = sample.evidence.map(() => new Set<number>());
  const updates: MemoryUpdate[] = [];
  let memory = '';
  for (const event of events) {
    if (event.type === 'section-start') {
      sample.evidence.forEach((wanted, index) => {
        if (event.spans.some((span) => overlaps(span, wanted))) evidence[index]?.add(event.section);
      });
    } else if (event.type === 'memory-updated') {
      updates.push({
        memory: event.memory,
        changed: event.memory !== memory,
        evidence: evidence.map((sections) => new Set(sections)),
        isTelling: evidence.some((sections) => event.section !== undefined && sections.has(event.section)),
      });
      memory = event.memory;
    }
  }
  return updates;
}

function evidenceHeld(input: ShapedRewardInput): number {
  const held = memoryUpdates(input).flatMap(({ memory, evidence }) => {
    const read = evidence.filter(({ size }) => size > 0);
    if (read.length === 0) return [];
    const marks = sectionMarks(memory);
    if (marks.size === 0) return [holdsAnswer(memory, input.sample)];
    return [read.filter((sections) => !sections.isDisjointFrom(marks)).length / read.length];
  });
  return mean(held);
}

function holdsAnswer(memory: string, { answers }: Sample): number {
  if (answers.length === 0) return 0;
  return findMetric('string-match-all')({ prediction: memory, answers });
}

function brevity({ conversations }: ShapedRewardInput): number {
  const actions = mean(conversations.map((one) => one.actions.length));
  return halfLengthActions / (halfLengthActions + actions);
}

const halfLengthActions = 64;

function gateDecisions(input: ShapedRewardInput): number {
  return mean(memoryUpdates(input).map(({ changed, isTelling }) => (changed === isTelling ? 1 : 0)));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
