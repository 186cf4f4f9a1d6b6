/** What each data set makes of its rows, beyond the contract of them all. */
import { describe, expect, it } from 'vitest';
import { collectItems } from './collect-items.ts';
import { findDataSet } from './data-sets.ts';
import { fixture, sample } from './sample-files.ts';

const load = (name: string, ...files: string[]) => collectItems(findDataSet(name), files);

describe('longbench-v1', () => {
  it('takes metric and room for the answer from the published tables', async () => {
    const { items } = await load('longbench-v1', fixture('longbench-v1'));
    const seen = items.map(({ id, metric, outputTokens }) => [id, metric, outputTokens]);
    expect(seen).toEqual([
      ['longbench-v1/gov_report/gov_report-0000', 'rouge-l', 512],
      ['longbench-v1/hotpotqa/hotpotqa-0000', 'f1', 32],
      ['longbench-v1/hotpotqa/hotpotqa-0001', 'f1', 32],
      ['longbench-v1/passage_retrieval_en/passage_retrieval_en-0000', 'lenient-match', 32],
      ['longbench-v1/qasper/qasper-0000', 'abstention', 128],
      ['longbench-v1/qasper/qasper-0001', 'f1', 128],
      ['longbench-v1/trec/trec-0000', 'lenient-match', 64],
      ['longbench-v1/triviaqa/triviaqa-0000', 'f1', 32],
    ]);
  });

  it('leaves out code and Chinese, and says why', async () => {
    const { skipped } = await load('longbench-v1', fixture('longbench-v1'));
    expect(skipped.map(({ kind, position, reason }) => [kind, position, reason])).toEqual([
      ['unsupported', 'line 1', 'dureader is Chinese and scored on words that need a segmenter'],
      ['unsupported', 'line 1', 'lcc is scored by the edit distance of code'],
    ]);
  });

  it('finds the paragraph that is the answer, and takes its number alone too', async () => {
    const { items } = await load('longbench-v1', fixture('longbench-v1/passage_retrieval_en.jsonl'));
    expect(items[0]?.answers).toEqual(['Paragraph 2', '2']);
    expect(items[0]?.passages).toEqual([
      'Paragraph 2: Every morning Ida baked bread for all of Norby.\nShe never slept late.',
    ]);
  });

  it('reads the passage of a trivia question as the end of the document', async () => {
    const { items } = await load('longbench-v1', fixture('longbench-v1/triviaqa.jsonl'));
    expect(items[0]?.question).toBe('Who lit the lighthouse of Norby?');
    expect(items[0]?.text).toMatch(
      /^Passage:\nThe bell .*Hamm\n\nPassage:\nThe lighthouse of Norby .*Marta Holm\.$/s,
    );
  });
});

it('longbench-v2 asks with the choices', async () => {
  const { items } = await load('longbench-v2', fixture('longbench-v2.json'));
  expect(items[0]?.question).toBe(
    'Who moved the clock?\n\n(A) The cook\n(B) The gardener\n(C) The aunt\n(D) Nobody\n\nAnswer with the letter of the right choice.',
  );
  expect(items[0]?.answers).toEqual(['B', 'The gardener']);
});

it('l-eval gives each task its metric, and takes what is true in the story', async () => {
  const { items, skipped } = await load('l-eval', fixture('leval'));
  expect(items.map(({ id, metric, answers }) => [id, metric, answers])).toEqual([
    ['l-eval/coursera/1/1', 'multiple-choice', ['AC']],
    ['l-eval/financial_qa/1/1', 'f1', ['two mills']],
    ['l-eval/gov_report_summ/1/1', 'rouge-l', ['Six of forty bridges need repair.']],
    ['l-eval/quality/1/1', 'multiple-choice', ['(B) A guest forgot it. ']],
    ['l-eval/quality/1/2', 'multiple-choice', ['(A) Ida. ']],
    ['l-eval/sci_fi/1/1', 'exact-match', ['True']],
  ]);
  expect(skipped.map(({ reason }) => reason)).toEqual(['instruction 2 has no output']);
});

describe('narrativeqa', () => {
  it('streams the stories beside the table, and misses one', async () => {
    const { items, skipped } = await load('narrativeqa', fixture('narrativeqa'));
    expect(items[0]?.text).toBe(
      'The ferry left at six. Old Marta kept the lamp,\nand nobody else knew how it was lit.\n',
    );
    expect(items.map(({ answers }) => answers)).toEqual([['Old Marta', 'Marta, the old one'], ['at six']]);
    expect(skipped[0]?.reason).toBe('its story, 00b2.content, is not among the files');
  });

  it('reads the hub’s Parquet files', async () => {
    const { items } = await load('narrativeqa', fixture('narrativeqa.parquet'));
    expect(items.map(({ question, answers }) => [question, answers])).toEqual([
      ['Who kept the lamp?', ['Old Marta', 'Marta']],
      ['When did the ferry leave?', ['at six', 'at six o’clock']],
      ['What did the brothers own?', ['one boat', 'a boat']],
    ]);
    expect(items[2]?.text).toBe('Two brothers owned one boat.');
  });
});

it('fairytaleqa marks the section that was asked about, in the whole story', async () => {
  const { items } = await load('fairytaleqa', sample('fairytaleqa'));
  const lost = items.find(({ question }) => question === "What happened to Peter's shoes?");
  expect(lost?.answers).toEqual([
    'He lost one of his shoes among the cabbages, and the other shoe amongst the potatoes.',
  ]);
  expect(lost?.passages).toHaveLength(1);
  expect(lost?.passages[0]).toMatch(/^BUT round the end of a cucumber frame/);
  expect(lost?.text).toMatch(/^The tale of peter rabbit\nONCE upon a time there were four little Rabbits/);
  const twoAnnotators = items.find(({ question }) => question.startsWith("Why couldn't one find anyone"));
  expect(twoAnnotators?.answers).toEqual(['She was so beautiful.', 'she was too beautiful']);
});

it('locomo reads sessions in order and marks the turns', async () => {
  const { items, skipped } = await load('locomo', fixture('locomo.json'));
  expect(items[0]?.text).toBe(
    [
      'Session 1, 1:56 pm on 8 May, 2023',
      'Ida: I went to the lake yesterday!',
      'Jonas: How was it?',
      'Ida: Cold. Look. [shares a photo of a lake]',
      '',
      'Session 2, 9:00 am on 2 June, 2023',
      'Jonas: I bought a boat.',
    ].join('\n'),
  );
  const boat = 'Jonas: I bought a boat.';
  expect(items.map(({ meta, metric, answers, passages }) => [meta.type, metric, answers, passages])).toEqual([
    ['temporal', 'f1', ['7 May 2023'], ['Ida: I went to the lake yesterday!']],
    ['multi-hop', 'f1', ['lakes, boats'], ['Ida: Cold. Look. [shares a photo of a lake]', boat]],
    ['open-domain', 'f1', ['Likely yes'], [boat]],
    ['single-hop', 'f1', ['1'], [boat]],
    ['adversarial', 'abstention', [], []],
  ]);
  expect(skipped[0]?.reason).toMatch(/^question 6 has category 4 and no answer/);
});

it('longmemeval reads sessions under their dates and marks the turns with the answer', async () => {
  const { items } = await load('longmemeval', sample('longmemeval_oracle.json'));
  const [run, fence] = items;
  expect(run?.question).toBe(
    'Today is 2023/06/01 (Thu) 00:58. What was my personal best time in the charity 5K run?',
  );
  expect(run?.text).toMatch(/^2023\/05\/25 \(Thu\) 20:21\nuser: I'm trying to plan out my fitness/);
  expect(run?.passages).toHaveLength(2);
  expect(run?.passages[0]).toMatch(/^user: .*a time of 27:12/);
  expect(fence).toMatchObject({ metric: 'abstention', answers: [], unanswerable: true });
});

describe('hotpotqa', () => {
  it('marks the supporting sentences', async () => {
    const { items } = await load('hotpotqa', sample('hotpotqa.json'));
    expect(items[0]?.answers).toEqual(['early twentieth century']);
    expect(items[0]?.passages).toEqual([
      'The Heinkel HD 23 was a carrier-borne fighter biplane designed in Germany at Heinkel Flugzeugwerke in the 1920s, for export to Japan.',
      expect.stringMatching(/^Carriers have evolved since their inception in the early twentieth century/),
    ]);
  });

  it('is the same from the hub’s Parquet file', async () => {
    const [json, parquet] = await Promise.all([
      load('hotpotqa', sample('hotpotqa.json')),
      load('hotpotqa', sample('hotpotqa.parquet')),
    ]);
    const facts = ({ items }: typeof json) => items.map(({ document: _document, ...rest }) => rest);
    expect(facts(parquet)).toEqual(facts(json));
  });
});

it('2wikimultihopqa puts spaces between its sentences', async () => {
  const { items } = await load('2wikimultihopqa', sample('2wikimultihopqa.json'));
  expect(items.filter(({ text }) => /[a-z]\.[A-Z][a-z]+ /.test(text))).toEqual([]);
  expect(items.filter(({ passages }) => passages.length < 2)).toEqual([]);
});

it('musique marks its supporting paragraphs and takes the aliases', async () => {
  const { items } = await load('musique', sample('musique.jsonl'));
  expect(items.map(({ meta, passages }) => [passages.length, meta.paragraphs])).toEqual(
    items.map(({ meta }) => [meta.hops, 20]),
  );
});

it('squad asks of the whole article, and knows questions without an answer', async () => {
  const { items } = await load('squad', sample('squad.json'));
  const answerable = items.filter(({ unanswerable }) => !unanswerable);
  expect(answerable.length).toBeGreaterThan(50);
  expect(items.length - answerable.length).toBeGreaterThan(50);
  const missed = answerable.filter(
    ({ answers, passages }) => !answers.every((answer) => passages[0]?.includes(answer)),
  );
  expect(missed).toEqual([]);
  expect(answerable[0]?.text).toMatch(/^Packet switching\nStarting in the late 1950s/);
});

describe('questions', () => {
  it('are scored as the data set that they name', async () => {
    const { items } = await load('questions', sample('questions.jsonl.gz'), sample('questions_docs.jsonl'));
    expect(items.map(({ task, metric, unanswerable = false }) => [task, metric, unanswerable])).toEqual([
      ['fairytaleqa', 'rouge-l', false],
      ['fairytaleqa', 'rouge-l', false],
      ['fairytaleqa', 'rouge-l', false],
      ['squad-v2.0-dev', 'f1', true],
      ['hotpotqa-distractor', 'f1', false],
      ['longmemeval', 'abstention', true],
    ]);
  });

  it('take shared documents from the other file, with the evidence by its index', async () => {
    const { items } = await load('questions', sample('questions.jsonl.gz'), sample('questions_docs.jsonl'));
    expect(items[0]?.text).toMatch(/^The Tale Of Peter Rabbit, section 1\nONCE upon a time/);
    expect(items[0]?.passages).toHaveLength(1);
    expect(items[0]?.passages[0]).toContain('An old mouse was running in and out');
  });

  it('say which documents are missing', async () => {
    const { items, skipped } = await load('questions', sample('questions.jsonl.gz'));
    expect(items).toHaveLength(3);
    expect(skipped[0]?.reason).toMatch(
      /^no documents: none in the row, and none for group fairytale-the-tale-of-peter-rabbit/,
    );
  });
});
