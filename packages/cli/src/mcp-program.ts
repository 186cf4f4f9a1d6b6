/** The command `mcp`. Loaded with the program, run only when called. */
import type { Command } from 'commander';
import { addCommonFlags, addLimitFlags, addModelFlags, addReadingFlags } from './flags/add-flags.ts';
import type { Flags } from './flags/flags.ts';
import { parseCount, parseCountFromZero, parseTime } from './flags/parse-values.ts';
import type { Shell } from './shell.ts';

/** Adds it to the program. */
export function addMcpCommand(
  program: Command,
  shell: (flags: Flags) => Shell,
  finish: (code: number) => void,
): void {
  const mcp = program
    .command('mcp')
    .summary('let an assistant ask questions of documents (Model Context Protocol)')
    .description(
      'Serves tools that ask questions of documents, over standard input and output, or over HTTP with --http. What was unfinished when it ended goes on when it is started again.',
    )
    .option('--root <folder...>', 'folders whose files the assistant may name (default: none)')
    .option(
      '--allow-host <name...>',
      'hosts whose documents it may name, such as example.org (default: none)',
    )
    .option('--answer-within <time>', 'longest that a call takes; the run goes on (default: 45s)', parseTime)
    .option('--max-runs <n>', 'most runs at once (default: 8)', parseCount)
    .optionsGroup('HTTP:')
    .option('--http', 'serve over streamable HTTP, at /mcp')
    .option('--port <n>', 'port (default: 8765)', parseCountFromZero)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine alone)')
    .option('--server-key-env <name>', 'environment variable with the key that clients must send');
  addCommonFlags(addLimitFlags(addReadingFlags(addModelFlags(mcp)))).action(async (flags: McpFlags) => {
    const { mcp: run } = await import('./commands/mcp.ts');
    finish(await run(flags, shell(flags)));
  });
}

/** Flags of `mcp`. */
export interface McpFlags extends Flags {
  root?: string[];
  allowHost?: string[];
  answerWithin?: number;
  maxRuns?: number;
  http?: boolean;
  port?: number;
  host?: string;
  serverKeyEnv?: string;
}
