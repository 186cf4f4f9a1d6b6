/** The flags that commands share, in the groups of their help. */
import { type Command, Option } from 'commander';
import { readerNames, reasoningEfforts } from '../settings/settings.ts';
import {
  parseAmount,
  parseCount,
  parseCountFromZero,
  parseInteger,
  parseList,
  parsePositive,
  parseShare,
  parseTime,
} from './parse-values.ts';

/** Which model is asked, and where. */
export function addModelFlags(command: Command): Command {
  return command
    .optionsGroup('Model:')
    .option(
      '-m, --model <name>',
      'ollama:NAME, openai:NAME, anthropic:NAME, provider/NAME, or NAME with --base-url',
    )
    .option('-b, --base-url <url>', 'OpenAI-compatible server, such as http://localhost:8000/v1')
    .option('--api-key-env <name>', 'environment variable that holds the API key');
}

/** How the document is read. */
export function addReadingFlags(command: Command): Command {
  return addSamplingFlags(
    addTokenizerFlags(
      command
        .optionsGroup('Reading:')
        .addOption(
          new Option('--reader <name>', 'who reads (default: model, where there is one)').choices(
            readerNames,
          ),
        )
        .option(
          '--strategy <name>',
          'memory, reread (costs twice), truncate, retrieve, map-reduce or refine (default: memory)',
        ),
    )
      .option('--section-tokens <tokens>', 'most of the document per step (default: 5000)', parseCount)
      .option('--memory-tokens <tokens>', 'most of the memory (default: 1024)', parseCount)
      .option('--output-tokens <tokens>', 'most of a reply, reasoning included (default: 1024)', parseCount)
      .option('--question-tokens <tokens>', 'most of the question (default: 1024)', parseCount)
      .option('--temperature <number>', 'sampling temperature (default: 0.7)', parseAmount),
  );
}

/** How records are collected. */
export function addExtractionFlags(command: Command): Command {
  return addSamplingFlags(
    addTokenizerFlags(
      command
        .optionsGroup('Records:')
        .requiredOption('--schema <file>', 'JSON Schema of one record')
        .option('--instructions <text>', 'what to collect (default: all that the schema describes)')
        .option(
          '--key <fields>',
          'fields that tell records apart, such as name,year (default: all together)',
          parseList,
        )
        .option(
          '--similarity <share>',
          'how alike mentions of one record are, without --key (default: 0.9)',
          parseShare,
        )
        .option('-o, --out <file>', 'where the records go, as .jsonl or .csv (default: standard output)')
        .optionsGroup('Reading:'),
    )
      .option('--section-tokens <tokens>', 'most of the document per step (default: 2048)', parseCount)
      .option(
        '--overlap-tokens <tokens>',
        'shown again of the section before (default: 256)',
        parseCountFromZero,
      )
      .option('--output-tokens <tokens>', 'most of a reply, reasoning included (default: 4096)', parseCount)
      .option('--temperature <number>', 'sampling temperature (default: 0)', parseAmount),
  );
}

function addTokenizerFlags(command: Command): Command {
  return command
    .option('--template <file>', 'prompt template (default: built in)')
    .option(
      '--tokenizer <name>',
      "encoding, path of a tokenizer.json, or estimate (default: by the model's name)",
    )
    .option('--window <tokens>', "the model's context length (default: 8192)", parseCount);
}

function addSamplingFlags(command: Command): Command {
  return command
    .option('--top-p <number>', 'nucleus sampling (default: 0.95)', parseShare)
    .option('--seed <number>', 'seed of the sampling', parseInteger)
    .addOption(
      new Option('--reasoning <effort>', 'how much the model reasons (default: none)').choices(
        reasoningEfforts,
      ),
    );
}

/** What a run may use, and how calls are made. */
export function addLimitFlags(command: Command): Command {
  return addPriceFlags(
    command
      .optionsGroup('Limits:')
      .option('--max-tokens <tokens>', 'stop, resumably, before more tokens are used in all', parseCount)
      .option('--max-cost <amount>', 'stop, resumably, before more is spent (needs prices)', parsePositive)
      .option('--max-time <time>', 'stop, resumably, after 30s, 10m, 2h', parseTime),
  )
    .option('--concurrency <n>', 'calls in flight at once', parseCount)
    .option('--rpm <n>', 'requests per minute', parseCount)
    .option('--tpm <n>', 'tokens per minute', parseCount)
    .option('--retries <n>', 'times that a failed call is made again (default: 6)', parseCountFromZero)
    .option('--timeout <time>', 'longest that one call may take (default: 10m)', parseTime);
}

/** What tokens cost. */
export function addPriceFlags(command: Command): Command {
  return command
    .option('--price-in <amount>', 'money per million prompt tokens', parseAmount)
    .option('--price-out <amount>', 'money per million tokens written', parseAmount)
    .option(
      '--price-cached <amount>',
      'money per million cached prompt tokens (default: as --price-in)',
      parseAmount,
    );
}

/** What a reading prints. */
export function addOutputFlags(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'print the result as one JSON object')
    .addOption(new Option('--events', 'print each event as a line of JSON').conflicts('json'))
    .option('-q, --quiet', 'nothing but the answer, and errors');
}

/** What every command has. */
export function addCommonFlags(command: Command): Command {
  return command
    .optionsGroup('General:')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--config <file>', 'config file (default: config.yaml in the home folder)')
    .option(
      '--home <folder>',
      'folder of everything that is kept (default: MEMAGENT_HOME, or the data folder)',
    );
}
