/** The commands of training: `train`, `train report` and `train presets`. Loaded with the program, run only when called. */
import { type Command, Option } from 'commander';
import { addCommonFlags, addModelFlags } from './flags/add-flags.ts';
import type { Flags } from './flags/flags.ts';
import { parseCount, parseCountFromZero } from './flags/parse-values.ts';
import type { Shell } from './shell.ts';

/** Adds them to the program. */
export function addTrainingCommands(
  program: Command,
  shell: (flags: Flags) => Shell,
  finish: (code: number) => void,
): void {
  const train = program
    .command('train')
    .summary('train a policy that reads with a memory')
    .description(
      'Trains by Multi-Conv DAPO as the preset says. A run that was stopped goes on with --resume, and ends with the weights that it would have had.',
    )
    .option('--preset <name>', 'what is trained on what, see train presets')
    .option('-o, --out <folder>', 'where metrics, rollouts and checkpoints go')
    .option('--resume', 'go on with the run in --out from its newest checkpoint')
    .option('--from <folder>', 'a checkpoint whose weights a new run begins with')
    .option('--seed <n>', 'names every draw of the run (default: 42)', parseCountFromZero)
    .option('--steps <n>', 'batches of reinforcement learning', parseCountFromZero)
    .option('--data <folder>', "data in place of the preset's own")
    .option('--set <name=value...>', 'any setting of the run, such as adam.learningRate=1e-3')
    .option('--recipe <file>', 'a recipe in place of a preset, such as recipes/hotpotqa.yaml')
    .option(
      '--tokenizer <folder>',
      "the model's tokenizer with its chat template, for a recipe; or its name on the Hugging Face Hub (default: --model's)",
    )
    .option('--kept <file>', 'what train filter found: questions that the model knows are left out')
    .option('--right <n>', 'with --kept: right answers that make a question known (default: 1)', parseCount)
    .optionsGroup('Engine elsewhere:')
    .addOption(
      new Option('--backend <name>', 'where the policy is computed (default: here)').choices(['tinker']),
    )
    .option('-b, --base-url <url>', 'server of the Tinker API, such as http://localhost:8000')
    .option('-m, --model <name>', 'what the server is to train, such as Qwen/Qwen3-8B')
    .option('--api-key-env <name>', 'environment variable that holds the API key (default: TINKER_API_KEY)')
    .option('--lora-rank <n>', 'rank of the adapters; 0 trains all weights (default: 32)', parseCountFromZero)
    .option(
      '--token-prices <prices>',
      'money per million tokens: read as prompts, sampled, scored, trained; such as 0.1,0.4,0.1,0.3',
    )
    .option(
      '--expire-after <hours>',
      'have the server delete checkpoints so long after newer ones took their place (default: never)',
      parseCount,
    )
    .optionsGroup('Output:')
    .option('--json', 'print the outcome as one JSON object')
    .option('-q, --quiet', 'no progress on standard error');
  addCommonFlags(train).action(async (flags: TrainFlags) => {
    const { train: run } = await import('./commands/train.ts');
    finish(await run(flags, shell(flags)));
  });

  const report = train
    .command('report')
    .description('Writes a self-contained HTML page of a training run: curves, settings, rollouts to read.')
    .argument('<folder>', 'the folder of the run')
    .option('-o, --out <file>', 'the HTML page (default: report.html in the folder)')
    .option('--rollout-steps <list>', 'the rollouts of these steps, such as 1,50-60 (default: all that fit)')
    .option(
      '--rollout-megabytes <n>',
      'most that the rollouts may take in the page (default: 16)',
      parseCount,
    );
  addCommonFlags(report).action(async (folder: string, _flags: Flags, command: Command) => {
    const { reportTraining } = await import('./commands/train-report.ts');
    const flags = command.optsWithGlobals<TrainReportFlags>();
    finish(await reportTraining(folder, flags, shell(flags)));
  });

  const filter = train
    .command('filter')
    .description(
      'Finds the questions of a recipe that a model answers without the document, for train --kept. The same command again goes on where it stopped.',
    )
    .option('--recipe <file>', 'the recipe')
    .option('--data <folder>', 'where its questions lie')
    .option('--tokenizer <folder>', "the model's tokenizer, or its name on the Hugging Face Hub")
    .option('--count <n>', 'questions to look at', parseCount)
    .option('--tries <n>', 'times that each is asked (default: 2)', parseCount)
    .option('--right <n>', 'right answers that make a question known (default: 1)', parseCount)
    .option('--concurrency <n>', 'questions at once (default: 16)', parseCount)
    .option('-o, --out <file>', 'the result, which is its own cache: JSON lines')
    .option('-q, --quiet', 'no progress on standard error');
  addCommonFlags(addModelFlags(filter)).action(async (_flags: Flags, command: Command) => {
    const { filterQuestions } = await import('./commands/train-filter.ts');
    const flags = command.optsWithGlobals<TrainFilterFlags>();
    finish(await filterQuestions(flags, shell(flags)));
  });

  const vllm = train
    .command('vllm')
    .description(
      'Checks an unpacked checkpoint of a language model, and prints the command by which vLLM serves it.',
    )
    .argument('<folder>', 'an adapter in the layout of PEFT, or a whole model');
  addCommonFlags(vllm).action(async (folder: string, _flags: Flags, command: Command) => {
    const { serveByVllm } = await import('./commands/train-vllm.ts');
    finish(await serveByVllm(folder, shell(command.optsWithGlobals<Flags>())));
  });

  const presets = train
    .command('presets')
    .description('Lists the presets: what each trains on what, and how long it takes.')
    .option('--json', 'print a JSON array');
  addCommonFlags(presets).action(async (_flags: Flags, command: Command) => {
    const { listPresets } = await import('./commands/train-presets.ts');
    const flags = command.optsWithGlobals<Flags>();
    finish(await listPresets(flags, shell(flags)));
  });

  const serve = program
    .command('tinker-serve')
    .summary('serve the tiny model by the Tinker API')
    .description(
      'Serves the Tinker API over the embedded engine: any program for it can train the tiny language model on this machine.',
    )
    .option('--port <n>', 'port (default: 8000)', parseCountFromZero)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine alone)')
    .option('--folder <folder>', 'where checkpoints are kept (default: tinker in the home folder)')
    .option('--weights <folder>', 'a checkpoint that models begin with (default: untrained)')
    .option('--keep-hours <n>', 'delete checkpoints after so many hours (default: never)', parseCount)
    .option('--seed <n>', 'names the untrained weights (default: 42)', parseCountFromZero)
    .option(
      '--api-key-env <name>',
      'environment variable with the key that clients must send (default: none)',
    );
  addCommonFlags(serve).action(async (flags: TinkerServeFlags) => {
    const { tinkerServe } = await import('./commands/tinker-serve.ts');
    finish(await tinkerServe(flags, shell(flags)));
  });
}

/** Flags of `train`. */
export interface TrainFlags extends Flags {
  preset?: string;
  resume?: boolean;
  from?: string;
  steps?: number;
  data?: string;
  set?: string[];
  backend?: 'tinker';
  loraRank?: number;
  tokenPrices?: string;
  expireAfter?: number;
  recipe?: string;
  kept?: string;
  right?: number;
}

/** Flags of `train filter`. */
export interface TrainFilterFlags extends Flags {
  recipe?: string;
  data?: string;
  count?: number;
  tries?: number;
  right?: number;
}

/** Flags of `tinker-serve`. */
export interface TinkerServeFlags extends Flags {
  port?: number;
  host?: string;
  folder?: string;
  weights?: string;
  keepHours?: number;
}

/** Flags of `train report`. */
export interface TrainReportFlags extends Flags {
  rolloutSteps?: string;
  rolloutMegabytes?: number;
}
