/** What the evidence reader is trained on: questions in documents of many lengths, with memories of many sizes. */
import { createRandom, type EvalItem } from '@memagent/eval';
import type { EvidenceObservation, EvidenceStepTools } from '@memagent/core/evidence';
import type { Workflow } from '../policy/workflow.ts';
import { createPickingReader } from './evidence-policy.ts';
import type { Teacher } from './demonstrate.ts';
import type { EvidenceData, EvidenceQuestionRow } from './evidence-data.ts';
import type { RankParagraphs } from './rank-paragraphs.ts';
import { makeEvidenceDocument } from './evidence-document.ts';

/** A sample knows its question's paragraphs and its budget. */
export interface EvidenceSample extends EvalItem {
  row: EvidenceQuestionRow;
  memoryTokens: number;
}

/** Ranges that training draws from: paragraphs of a document evenly, tokens of a memory by their logarithm. */
export const evidenceRanges = Object.freeze({
  paragraphs: [20, 160],
  /** Of the supervised warm-up. */
  lessonParagraphs: [12, 32],
  memoryTokens: [96, 1024],
  /** So many of the document's paragraphs, half of it at most, are drawn from the `ranked` nearest to the question. */
  near: [0, 30],
  ranked: 60,
  /** Every so many documents, one has no titles, as a book has none. */
  untitledEvery: 5,
} as const satisfies Record<string, number | readonly [number, number]>);

/** The sample at a position: each question once before any comes again. */
export function createSamples(
  data: EvidenceData,
  rank: RankParagraphs,
  seed: number,
  lengths: readonly [number, number] = evidenceRanges.paragraphs,
): (position: number) => EvidenceSample {
  const { questions, pool } = data;
  return (position) => {
    const round = Math.floor(position / questions.length);
    const order = createRandom(`order ${seed} ${round}`).shuffle(questions);
    const row = order[position % questions.length] as EvidenceQuestionRow;
    const random = createRandom(`sample ${seed} ${position}`);
    const paragraphs = random.between(...lengths);
    const [least, most] = evidenceRanges.memoryTokens;
    const memoryTokens = Math.round(least * (most / least) ** random.fraction());
    const near = random.sample(
      rank(row.question, evidenceRanges.ranked),
      random.between(...evidenceRanges.near),
    );
    const chosen = near.slice(0, Math.floor(paragraphs / 2));
    const untitled = position % evidenceRanges.untitledEvery === 0;
    const request = { row, pool, paragraphs, chosen, untitled, filtered: true, seed: `${seed} ${position}` };
    return {
      id: `${row.dataSet}/${row.id}/${position}`,
      task: row.dataSet,
      question: row.question,
      answers: row.answers,
      metric: 'lenient-match',
      outputTokens: 32,
      async *document() {
        yield makeEvidenceDocument(request).text;
      },
      tokens: 0,
      evidence: [],
      meta: { paragraphs, memoryTokens },
      row,
      memoryTokens,
    };
  };
}

/** What the sample's teacher sees who reads its document with the agent. */
export async function observationsOn(
  sample: EvidenceSample,
  teacher: Teacher,
  workflow: Workflow,
  tools: EvidenceStepTools,
): Promise<EvidenceObservation[]> {
  const observations: EvidenceObservation[] = [];
  const random = createRandom(`teacher ${sample.id}`);
  const reader = createPickingReader(tools, 'teacher', async (observation) => {
    observations.push(observation);
    return teacher.read(observation, random);
  });
  await workflow({ sample, reader, signal: new AbortController().signal });
  return observations;
}
