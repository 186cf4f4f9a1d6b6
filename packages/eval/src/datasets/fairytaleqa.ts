import { basename } from 'node:path';
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { DataSet } from './data-set.ts';
import { addTitle, createPassage, joinDocuments, keepEvidence, type Passage } from './join-passages.ts';
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

interface Story {
  name: string;
  /** The numbers of its sections, in order; none if there is no story. */
  sections: string[];
  /** Every section is marked. */
  document: Passage;
}

export const fairytaleQa: DataSet = {
  name: 'fairytaleqa',
  description:
    'FairytaleQA: 10,580 questions over 278 complete children’s stories of 2,200 words on average, at most 7,500.',
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
    let current: Story | undefined;
    const readStoryOnce = async (name: string): Promise<Story> => {
      if (current?.name !== name) current = await readStory(name, tables.stories.get(name));
      return current;
    };
    const format = {
      dataSet: 'fairytaleqa',
      schema: questionRow,
      toItems: (value: QuestionRow, row: Row) => toItems(value, row, readStoryOnce),
    };
    yield* loadRows(readAllRows([...tables.questions.values()]), format, options);
  },
};

async function* toItems(
  value: QuestionRow,
  { file, number }: Row,
  read: (story: string) => Promise<Story>,
): AsyncGenerator<EvalItem | Skip> {
  const { name, sections, document } = await read(nameOf(file));
  if (sections.length === 0) {
    const reason = `there is no ${name}-story.csv with section and text among the files`;
    return yield { kind: 'bad', reason };
  }
  const asked = new Set(value.cor_section.split(',').map((section) => section.trim()));
  const places = sections.flatMap((section, place) => (asked.has(section) ? [place] : []));
  yield createItem(
    {
      // The line: some files have two questions of one id.
      id: `fairytaleqa/${name}/${number}`,
      task: 'fairytaleqa',
      question: value.question,
      answers: [...new Set([value.answer1, value.answer4].filter((answer) => answer.trim() !== ''))],
      metric: 'rouge-l',
      outputTokens: storyOutputTokens,
      meta: {
        story: name,
        question: value.question_id,
        type: value['ex-or-im1'],
        attribute: value.attribute1,
      },
    },
    keepEvidence(document, new Set(places)),
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

async function readStory(name: string, file: string | undefined): Promise<Story> {
  const sections: string[] = [];
  const passages: Passage[] = [];
  for await (const { value } of file === undefined ? [] : readRows(file)) {
    const { success, data } = sectionRow.safeParse(value);
    if (!success) continue;
    sections.push(data.section.trim());
    passages.push(createPassage(data.text, true));
  }
  return { name, sections, document: addTitle(titleOf(name), joinDocuments(passages)) };
}
