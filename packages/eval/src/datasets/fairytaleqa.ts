import { basename } from 'node:path';
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import { listFiles } from './rows/list-files.ts';
import { readAllRows } from './rows/read-all-rows.ts';
import { readRows } from './rows/read-rows.ts';
import type { Row } from './rows/row.ts';
import { storyOutputTokens } from './story-output-tokens.ts';

const questionRow = z.object({
  question_id: z.string(),
  cor_section: z.string(),
  attribute1: z.string(),
  question: z.string(),
  'ex-or-im1': z.string(),
  answer1: z.string(),
  answer4: z.string().default(''),
});
const sectionRow = z.object({ section: z.string(), text: z.string() });

type QuestionRow = z.output<typeof questionRow>;
type Section = z.output<typeof sectionRow>;

export const fairytaleQa: DataSet = {
  name: 'fairytaleqa',
  description: 'FairytaleQA: 10,580 questions over 278 complete children’s stories of 150 to 7,500 words.',
  licence: 'Apache-2.0; the stories are in the public domain.',
  homepage: 'https://github.com/uci-soe/FairytaleQAData',
  get: 'git clone https://github.com/uci-soe/FairytaleQAData; give the folder data-by-train-split (or data-by-origin), or a story and its questions.',
  files: [
    {
      name: 'section-stories/…/<story>-story.csv',
      holds: 'a story by sections: section, text',
    },
    {
      name: 'questions/…/<story>-questions.csv',
      holds: 'its questions: question_id, cor_section, question, answer1 … answer6 and more',
    },
  ],
  scoring:
    'ROUGE-L against answer1 and answer4, as published (the other answers are not part of the benchmark). The story is read whole, where the authors give the section that was asked about.',
  async *load(files, options) {
    const tables = await findTables(files);
    let current: { story: string; sections: Section[] } | undefined;
    const sectionsOf = async (story: string): Promise<Section[]> => {
      const file = tables.stories.get(story);
      if (current?.story !== story) current = { story, sections: file ? await readSections(file) : [] };
      return current.sections;
    };
    const format = {
      dataSet: 'fairytaleqa',
      schema: questionRow,
      toItems: (value: QuestionRow, row: Row) => toItems(value, row, sectionsOf),
    };
    yield* loadRows(readAllRows([...tables.questions.values()]), format, options);
  },
};

async function* toItems(
  value: QuestionRow,
  { file, number }: Row,
  sectionsOf: (story: string) => Promise<Section[]>,
): AsyncGenerator<EvalItem | Skip> {
  const story = nameOf(file);
  const sections = await sectionsOf(story);
  if (sections.length === 0) {
    return yield {
      kind: 'bad',
      reason: `there is no ${story}-story.csv with section and text among the files`,
    };
  }
  const asked = new Set(value.cor_section.split(',').map((section) => section.trim()));
  const text = joinDocuments(
    sections.map((section) => createPassage(section.text, asked.has(section.section.trim()))),
  );
  yield createItem(
    {
      // The line: some files have two questions of one id.
      id: `fairytaleqa/${story}/${number}`,
      task: 'fairytaleqa',
      question: value.question,
      answers: [...new Set([value.answer1, value.answer4].filter((answer) => answer.trim() !== ''))],
      metric: 'rouge-l',
      outputTokens: storyOutputTokens,
      meta: {
        story,
        question: value.question_id,
        type: value['ex-or-im1'],
        attribute: value.attribute1,
      },
    },
    addTitle(titleOf(story), text),
  );
}

/** The same stories by sentences, and the list of them, in a clone. */
const isLeftOut = /[\\/](sentence-stories[\\/].*|story_meta\.csv)$/;

interface Tables {
  stories: Map<string, string>;
  questions: Map<string, string>;
}

/** The files by story, the first where there are several: a clone has them by origin and by split. */
async function findTables(paths: readonly string[]): Promise<Tables> {
  const tables: Tables = { stories: new Map(), questions: new Map() };
  for (const file of await listFiles(paths)) {
    if (isLeftOut.test(file)) continue;
    const table = /-story\.csv(\.gz)?$/i.test(file) ? tables.stories : tables.questions;
    if (!table.has(nameOf(file))) table.set(nameOf(file), file);
  }
  return tables;
}

function nameOf(file: string): string {
  return basename(file).replace(/(-questions|-story)?\.csv(\.gz)?$/i, '');
}

function titleOf(story: string): string {
  return story.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
}

async function readSections(file: string): Promise<Section[]> {
  const sections: Section[] = [];
  for await (const { value } of readRows(file)) {
    const parsed = sectionRow.safeParse(value);
    if (parsed.success) sections.push(parsed.data);
  }
  return sections;
}
