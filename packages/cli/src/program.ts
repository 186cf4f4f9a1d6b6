/** The commands and their flags. What a command does is loaded when it is called, so that help is quick. */
import { Command } from 'commander';
import {
  addCommonFlags,
  addExtractionFlags,
  addLimitFlags,
  addModelFlags,
  addOutputFlags,
  addPriceFlags,
  addReadingFlags,
} from './flags/add-flags.ts';
import type { Flags } from './flags/flags.ts';
import { parseCount, parsePositive, parseTime } from './flags/parse-values.ts';
import { addEvaluationCommands } from './evaluation-program.ts';
import type { Host } from './host.ts';
import { addMcpCommand } from './mcp-program.ts';
import { addServeCommands } from './serve-program.ts';
import { readVersion } from './read-version.ts';
import { createShell } from './shell.ts';
import { addTrainingCommands } from './training-program.ts';

const examples = `
Examples:
  memagent ask "Who commands the Russian army at Borodino?" war-and-peace.txt
  memagent ask "What was decided on pricing?" --model ollama:qwen3:8b minutes/
  memagent extract contracts/ --schema contract.json --key number --out contracts.csv --model ollama:qwen3:8b
  pdftotext report.pdf - | memagent ask "What does the auditor object to?" --json
  memagent resume last

Documents never leave this machine except to the model that is named. Documentation: docs/cli.md, docs/models.md
`;

/** Builds the parser. `finish` receives the exit code of the command that was called. */
export function createProgram(host: Host, finish: (code: number) => void): Command {
  const shell = (flags: Flags) => createShell(host, flags.color);
  const program = new Command('memagent')
    .description('Ask questions of documents of any length, with a language model of any window.')
    .version(readVersion(), '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
      outputError: (text, write) => write(explain(text, host.argv)),
    })
    .addHelpText('after', examples);

  const ask = program
    .command('ask')
    .summary('ask a question of documents')
    .description('Reads the documents section by section and answers the question, with citations.')
    .argument('<question>', 'in quotes')
    .argument('[source...]', 'files, folders, or - for standard input')
    .option('--schema <file>', 'JSON Schema that the answer is to follow (needs a model)')
    .option('--estimate', 'say what it would use at most, and ask nothing')
    .option(
      '--speed <tokens>',
      "with --estimate: the model's tokens per second, for the time",
      parsePositive,
    );
  addCommonFlags(addOutputFlags(addLimitFlags(addReadingFlags(addModelFlags(ask))))).action(
    async (question: string, sources: string[], flags: Flags) => {
      const { ask: run } = await import('./commands/ask.ts');
      finish(await run(question, sources, flags, shell(flags)));
    },
  );

  const extract = program
    .command('extract')
    .summary('collect all records of a schema')
    .description(
      'Searches the documents section by section for all records of a schema, and says where each value stands.',
    )
    .argument('[source...]', 'files, folders, or - for standard input')
    .option('--estimate', 'say what it would use, and ask nothing')
    .option(
      '--speed <tokens>',
      "with --estimate: the model's tokens per second, for the time",
      parsePositive,
    );
  addCommonFlags(addOutputFlags(addLimitFlags(addExtractionFlags(addModelFlags(extract))))).action(
    async (sources: string[], flags: Flags) => {
      const { extract: run } = await import('./commands/extract.ts');
      finish(await run(sources, flags, shell(flags)));
    },
  );

  const batch = program
    .command('batch')
    .summary('ask many questions, from a file of JSON lines')
    .description(
      'Answers every line of the file, several at once. The same command again goes on where it stopped.',
    )
    .argument('<file>', 'JSON lines {"id", "question", "source"}, or - for standard input')
    .option('--source <path...>', 'documents of the lines that name none')
    .option('--schema <file>', 'JSON Schema that the answers are to follow (needs a model)')
    .option(
      '-o, --out <file>',
      'where results go, and are looked for when it is run again (default: standard output)',
    )
    .option('-q, --quiet', 'no line for each result on standard error');
  addCommonFlags(addLimitFlags(addReadingFlags(addModelFlags(batch)))).action(
    async (file: string, flags: Flags) => {
      const { batch: run } = await import('./commands/batch.ts');
      finish(await run(file, flags, shell(flags)));
    },
  );

  const runs = program
    .command('runs')
    .summary('list the runs, or remove some')
    .description('Lists the runs, newest first.')
    .option('-n, --limit <n>', 'the newest n alone', parseCount)
    .option('--json', 'print a JSON array');
  addCommonFlags(runs).action(async (flags: Flags) => {
    const { listRuns } = await import('./commands/list-runs.ts');
    finish(await listRuns(flags, shell(flags)));
  });
  const remove = runs
    .command('rm')
    .description('Removes runs, with all that was kept for them.')
    .argument('<run...>', 'ids, unique beginnings of ids, or last');
  addCommonFlags(remove).action(async (names: string[], _flags: Flags, command: Command) => {
    const { removeRuns } = await import('./commands/remove-runs.ts');
    const flags = command.optsWithGlobals<Flags>();
    finish(await removeRuns(names, flags, shell(flags)));
  });

  const show = program
    .command('show')
    .summary('show what a run kept after each section')
    .description('Shows how the memory of a run changed from section to section, with usage and citations.')
    .argument('<run>', 'an id, a unique beginning of one, or last')
    .option('--section <n>', 'this section alone', parseCount)
    .option('--full', 'unchanged text in full')
    .option('--json', 'print one JSON object');
  addCommonFlags(show).action(async (name: string, flags: Flags) => {
    const { show: run } = await import('./commands/show.ts');
    finish(await run(name, flags, shell(flags)));
  });

  const resume = program
    .command('resume')
    .summary('go on with a run that stopped')
    .description('Goes on with a run that stopped, as it was begun. What was read is not paid for again.')
    .argument('<run>', 'an id, a unique beginning of one, or last');
  addCommonFlags(addOutputFlags(addLimitFlags(addReadingFlags(addModelFlags(resume))))).action(
    async (name: string, flags: Flags) => {
      const { resume: run } = await import('./commands/resume.ts');
      finish(await run(name, flags, shell(flags)));
    },
  );

  const estimate = program
    .command('estimate')
    .summary('say what a question would use at most')
    .description('Reads the documents, asks no model, and says what the answer would use at most.')
    .argument('<question>', 'in quotes')
    .argument('[source...]', 'files, folders, or - for standard input')
    .option('--schema <file>', 'JSON Schema that the answer is to follow (needs a model)')
    .option('--speed <tokens>', "the model's tokens per second, for the time", parsePositive)
    .option('--json', 'print one JSON object');
  addCommonFlags(addPriceFlags(addReadingFlags(addModelFlags(estimate)))).action(
    async (question: string, sources: string[], flags: Flags) => {
      const { estimate: run } = await import('./commands/estimate.ts');
      finish(await run(question, sources, flags, shell(flags)));
    },
  );

  const doctor = program
    .command('doctor')
    .summary('check the model and this machine')
    .description('Checks that the model answers, how large its window really is, and how fast it is.')
    .option('--window <tokens>', 'the window that it should have (default: 8192)', parseCount)
    .option('--timeout <time>', 'longest that one call may take (default: 10m)', parseTime)
    .option('--json', 'print one JSON object');
  addCommonFlags(addModelFlags(doctor)).action(async (flags: Flags) => {
    const { doctor: run } = await import('./commands/doctor.ts');
    finish(await run(flags, shell(flags)));
  });

  addServeCommands(program, shell, finish);
  addMcpCommand(program, shell, finish);
  addEvaluationCommands(program, shell, finish);
  addTrainingCommands(program, shell, finish);

  for (const command of [program, ...program.commands, ...runs.commands]) {
    command.showHelpAfterError(`memagent: see ${fullName(command)} --help`);
  }
  return program;
}

/** An unknown command of several words is a question whose `ask` was forgotten. */
function explain(error: string, [question = '', ...sources]: readonly string[]): string {
  const text = error.replace(/^error: /, 'memagent: ');
  if (!text.startsWith('memagent: unknown command') || !question.includes(' ')) return text;
  return `${text}To ask a question: memagent ask ${JSON.stringify(question)} ${sources.join(' ')}\n`;
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
