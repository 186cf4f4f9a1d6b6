/** The commands `serve` and `studio`. Loaded with the program, run only when called. */
import type { Command } from 'commander';
import { addCommonFlags, addLimitFlags, addModelFlags, addReadingFlags } from './flags/add-flags.ts';
import type { Flags } from './flags/flags.ts';
import { parseCount, parseCountFromZero, parseTime } from './flags/parse-values.ts';
import type { Shell } from './shell.ts';

/** Adds them to the program. */
export function addServeCommands(
  program: Command,
  shell: (flags: Flags) => Shell,
  finish: (code: number) => void,
): void {
  const serve = program
    .command('serve')
    .summary("serve OpenAI's interfaces over documents of any length, and an interface to runs")
    .description(
      "Serves /v1/chat/completions, /v1/responses, /v1/models, /v1/files and /v1/runs: a client of OpenAI sends a prompt of any length, and the model's window stays as it is. Runs that were unfinished when it ended go on when it is started again.",
    );
  addServerFlags(serve).action(async (flags: ServeFlags) => {
    const { serve: run } = await import('./commands/serve.ts');
    finish(await run(flags, shell(flags)));
  });

  const studio = program
    .command('studio')
    .summary('open a page on which to ask, watch the memory change, and check the answer')
    .description(
      'Serves what `memagent serve` does, with a page for people, and opens it in the browser. Documents never leave this machine except to the model that is named.',
    )
    .option('--no-open', 'do not open the browser');
  addServerFlags(studio).action(async (flags: StudioFlags) => {
    const { studio: run } = await import('./commands/studio.ts');
    finish(await run(flags, shell(flags)));
  });
}

/** The flags of both. */
function addServerFlags(command: Command): Command {
  command
    .option('--port <n>', 'port (default: 8787)', parseCountFromZero)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine alone)')
    .option('--log', 'a line for each request on standard error')
    .optionsGroup('What the page shows beside the runs:')
    .option('--evaluations <folder...>', 'folders that `memagent eval` wrote, or that hold such folders')
    .option('--trainings <folder...>', 'folders that `memagent train` wrote, or that hold such folders')
    .optionsGroup('Who may do what:')
    .option(
      '--server-key-env <name>',
      'environment variable with the key that clients must send, or several with commas between them',
    )
    .option('--allow-name <name...>', 'further names of this server, which clients may call it by')
    .option('--allow-origin <origin...>', 'other web pages that may use it, such as https://app.example.org')
    .option('--root <folder...>', 'folders whose files clients may name (default: none)')
    .option('--allow-host <name...>', 'hosts whose documents clients may name by URL (default: none)')
    .option('--max-body <megabytes>', 'most that a request may bring (default: 256)', parseCount)
    .option('--max-requests <n>', 'most requests in flight (default: 1024)', parseCount)
    .option('--max-runs <n>', 'most runs at work (default: 512)', parseCount)
    .option('--max-runs-per-key <n>', 'most runs at work of one key (default: 256)', parseCount)
    .option('--keep-chats <time>', 'how long the runs of chats are kept (default: 24h)', parseTime);
  return addCommonFlags(addLimitFlags(addReadingFlags(addModelFlags(command))));
}

/** Flags of `studio`. */
export interface StudioFlags extends ServeFlags {
  open: boolean;
}

/** Flags of `serve`. */
export interface ServeFlags extends Flags {
  evaluations?: string[];
  trainings?: string[];
  port?: number;
  host?: string;
  log?: boolean;
  serverKeyEnv?: string;
  allowName?: string[];
  allowOrigin?: string[];
  root?: string[];
  allowHost?: string[];
  maxBody?: number;
  maxRequests?: number;
  maxRuns?: number;
  maxRunsPerKey?: number;
  keepChats?: number;
}
