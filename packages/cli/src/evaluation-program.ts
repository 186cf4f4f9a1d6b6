/** The commands of the evaluation: `eval`, `report` and `data`. Loaded with the program, run only when called. */
import type { Command } from 'commander';
import { addCommonFlags, addLimitFlags, addModelFlags, addReadingFlags } from './flags/add-flags.ts';
import type { Flags } from './flags/flags.ts';
import { parseCount, parseCountFromZero } from './flags/parse-values.ts';
import type { Shell } from './shell.ts';

/** Adds them to the program. */
export function addEvaluationCommands(
  program: Command,
  shell: (flags: Flags) => Shell,
  finish: (code: number) => void,
): void {
  const evaluate = program
    .command('eval')
    .summary('measure how well a model or strategy reads, against length')
    .description(
      'Asks generated questions over documents of set lengths, scores the answers, and prints a table. The same command again goes on where it stopped.',
    )
    .option('--preset <name>', 'smoke, ruler, ruler-hqa, weak-spots, paper, or custom with --plan')
    .option('--plan <file>', 'a plan in YAML, see docs/evaluation.md')
    .option('-o, --out <folder>', 'where the results go, and are looked for when it is run again')
    .option('--items <n>', 'questions of each task at each length', parseCount)
    .option('--lengths <list>', 'tokens of the documents, such as 8k,32k,1m', splitList)
    .option('--paragraphs <list>', 'paragraphs of the documents, such as 50,800', splitList)
    .option('--tasks <list>', 'these tasks alone', splitList)
    .option('--strategies <list>', 'such as memory,retrieve', splitList)
    .option('--eval-seed <n>', 'seed of the documents (default: 42)', parseCountFromZero)
    .option('--haystack <file>', 'the text that needles are hidden in (default: a novel)')
    .option('--questions <name=file...>', 'question files of hotpotqa, squad, musique, 2wikimultihopqa')
    .option('--pool <name=file...>', 'their distractor paragraphs')
    .option('--ruler-length', 'lengths count prompt and output, as RULER does')
    .option('--dry-run', 'say what it would use at most, and ask nothing')
    .option('--json', 'print the summary as JSON')
    .option('-q, --quiet', 'no progress on standard error');
  addCommonFlags(addLimitFlags(addReadingFlags(addModelFlags(evaluate)))).action(async (flags: EvalFlags) => {
    const { evaluate: run } = await import('./commands/eval.ts');
    finish(await run(flags, shell(flags)));
  });

  const report = program
    .command('report')
    .summary('make a page, tables and pictures of evaluation results')
    .description('Reads the results of one or more evaluations and writes a self-contained HTML page.')
    .argument('<folder...>', 'folders that eval wrote')
    .option('-o, --out <file>', 'the HTML page (default: report.html in the first folder)')
    .option('--markdown <file>', 'the tables in Markdown')
    .option('--charts <folder>', 'each picture as SVG and PNG');
  addCommonFlags(report).action(async (folders: string[], flags: ReportFlags) => {
    const { report: run } = await import('./commands/report.ts');
    finish(await run(folders, flags, shell(flags)));
  });

  const data = program
    .command('data')
    .summary('data sets to evaluate on: what there is, and where it comes from')
    .description('Real long texts with questions, from files that you have.');
  addCommonFlags(
    data.command('list').description('Lists the data sets, where to get them, and what was added.'),
  ).action(async (_flags: Flags, command: Command) => {
    const { listData } = await import('./commands/data.ts');
    const flags = command.optsWithGlobals<Flags>();
    finish(await listData(flags, shell(flags)));
  });
  addCommonFlags(
    data
      .command('add')
      .description('Checks the files of a data set and remembers where they are.')
      .argument('<name>', 'see data list')
      .argument('<file...>', 'its files, or a folder that holds them'),
  ).action(async (name: string, files: string[], _flags: Flags, command: Command) => {
    const { addData } = await import('./commands/data.ts');
    const flags = command.optsWithGlobals<Flags>();
    finish(await addData(name, files, flags, shell(flags)));
  });
}

/** Flags of `eval`. */
export interface EvalFlags extends Flags {
  preset?: string;
  plan?: string;
  items?: number;
  lengths?: string[];
  paragraphs?: string[];
  tasks?: string[];
  strategies?: string[];
  evalSeed?: number;
  haystack?: string;
  questions?: string[];
  pool?: string[];
  rulerLength?: boolean;
  dryRun?: boolean;
}

/** Flags of `report`. */
export interface ReportFlags extends Flags {
  markdown?: string;
  charts?: string;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
