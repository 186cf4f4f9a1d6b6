/**
 * Evaluates the cross-fitted weights beside the untrained rule and BM25:
 *
 *     node --conditions=@memagent/source packages/train/src/evidence/evaluate-evidence.ts \
 *       --models FOLDER --out FILE.jsonl --paragraphs 50,200,800 --items 300
 *
 * FOLDER is what `train-evidence-folds.ts` wrote. Questions are the same for every length, in one seeded order; a
 * line of FILE is one question at one length, by the weights of the last step (`--step N`: of another). `--only 0,3`
 * takes questions of these folds alone. Started again with more lengths or items, it makes what is missing.
 * `--summary` prints the tables of FILE.
 *
 * `--near N`, with a FILE of its own, has the N paragraphs nearest to the question among those of the document, so that
 * a short one competes with the evidence as a long one does.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createExtractiveReader, type Reader, selectTokenizer } from '@memagent/core';
import { createEvidenceReader, type EvidenceStepTools, loadEvidenceWeights } from '@memagent/core/evidence';
import { createRandom } from '@memagent/eval';
import { listCheckpoints } from '../checkpoint/checkpoint-folder.ts';
import { createBm25Contestant } from './bm25-contestant.ts';
import { createReaderContestant } from './contestant.ts';
import { evaluateItem, type EvidenceRecord, idOf } from './evaluate-item.ts';
import { type EvidenceData, evidenceFolds, foldOf, loadEvidenceData, selectFold } from './evidence-data.ts';
import { createCachingTokenizer } from './caching-tokenizer.ts';
import { createStepTools } from './evidence-policy.ts';
import { createParagraphRanking, type RankParagraphs } from './rank-paragraphs.ts';
import { checkTrainingConfig } from '../trainer/training-config.ts';
import { evidenceConfig } from './evidence-setup.ts';
import { summarizeEvidence } from './summarize-evidence.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    out: { type: 'string' },
    paragraphs: { type: 'string', default: '200' },
    items: { type: 'string', default: '100' },
    budgets: { type: 'string', default: '128,256,512,1024' },
    contestants: { type: 'string', default: 'trained,rule,bm25' },
    strategy: { type: 'string', default: 'memory' },
    unfiltered: { type: 'boolean', default: false },
    near: { type: 'string', default: '0' },
    step: { type: 'string' },
    only: { type: 'string' },
    summary: { type: 'boolean', default: false },
  },
});
const { out } = values;
const { steps = 0, warmUp = { steps: 0 } } = checkTrainingConfig(evidenceConfig);
const checkpointStep = Number(values.step ?? warmUp.steps + steps);
if (out === undefined) throw new Error('Give a file for the results with --out FILE.jsonl.');
if (values.summary) console.log(summarizeEvidence(await readRecords(out)));
else await evaluate(out);

async function evaluate(path: string): Promise<void> {
  const { models } = values;
  if (models === undefined) throw new Error('Give the folder of the cross-fitted runs with --models FOLDER.');
  const data = await loadEvidenceData();
  const wanted =
    values.only?.split(',').map(Number) ?? Array.from({ length: evidenceFolds }, (_, fold) => fold);
  const folds: (Fold | undefined)[] = [];
  for (const fold of wanted) folds[fold] = await openFold(data, join(models, `fold-${fold}`), fold);
  const missing = wanted.filter((fold) => !folds[fold]);
  if (missing.length > 0) console.error(`Without fold ${missing.join(', ')}: not trained to its end.`);
  const rows = createRandom('evaluation')
    .shuffle(data.questions)
    .filter(({ question }) => folds[foldOf(question)])
    .slice(0, Number(values.items));
  const tokenizer = createCachingTokenizer(await selectTokenizer('o200k_base'), 20_000);
  const budgets = values.budgets.split(',').map(Number);
  const contestantNames = values.contestants.split(',');
  const near = Number(values.near);
  const { strategy } = values;
  const nameOf = (contestant: string): string =>
    strategy === 'memory' ? contestant : `${contestant} ${strategy}`;
  const names = contestantNames.map(nameOf);
  const filtered = !values.unfiltered;
  const records = await readRecords(path);
  if (records.some((record) => (record.near ?? 0) !== near))
    throw new Error(`${path} has results with another --near than ${near}. Give another file with --out.`);
  const done = new Set(records.map(keyOf));
  for (const paragraphs of values.paragraphs.split(',').map(Number)) {
    for (const row of rows) {
      const key = keyOf({
        id: idOf(row),
        paragraphs,
        filtered,
        scores: names.map((contestant) => ({ contestant })),
      });
      if (done.has(key)) continue;
      const fold = folds[foldOf(row.question)];
      if (!fold) continue;
      const { pool, reader, tools } = fold;
      const contestants = [
        createReaderContestant(nameOf('trained'), reader, row.question, budgets),
        createReaderContestant(nameOf('rule'), createExtractiveReader(), row.question, budgets),
        createBm25Contestant(row.question, tools, tokenizer),
      ].filter(({ name }) => names.includes(name));
      const chosen = fold.rank(row.question, near);
      const request = { row, pool, paragraphs, chosen, filtered, seed: 'evaluation' };
      const record = await evaluateItem({ ...request, strategy, budgets, contestants, tokenizer });
      await appendFile(path, `${JSON.stringify(near === 0 ? record : { ...record, near })}\n`);
    }
  }
}

interface Fold {
  pool: EvidenceData['pool'];
  rank: RankParagraphs;
  reader: Reader;
  tools: EvidenceStepTools;
}

/** The weights that saw nothing of the fold, and its paragraphs; undefined where the run has not come to its end. */
async function openFold(data: EvidenceData, run: string, fold: number): Promise<Fold | undefined> {
  const checkpoint = (await listCheckpoints(run)).find(({ step }) => step === checkpointStep);
  if (!checkpoint) return undefined;
  const weights = await loadEvidenceWeights(join(checkpoint.folder, 'model.safetensors'));
  const tools = createStepTools(weights.sketch);
  const { sentencesOf } = tools;
  const reader = await createEvidenceReader({ weights, ...(sentencesOf ? { sentencesOf } : {}) });
  const { pool } = selectFold(data, fold, 'test');
  return { pool, rank: createParagraphRanking(pool), reader, tools };
}

async function readRecords(path: string): Promise<EvidenceRecord[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EvidenceRecord);
}

function keyOf({
  id,
  paragraphs,
  filtered,
  scores,
}: Pick<EvidenceRecord, 'id' | 'paragraphs' | 'filtered'> & {
  scores: readonly { contestant: string }[];
}): string {
  const contestants = [...new Set(scores.map(({ contestant }) => contestant))].toSorted();
  return `${id} ${paragraphs} ${filtered} ${contestants.join(',')}`;
}
