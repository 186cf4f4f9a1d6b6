import { defined } from '../defined.ts';
import { settingNames, type Settings } from '../settings/settings.ts';

/** The flags of all commands, as commander gives them: each is there only where its command has it. */
export interface Flags extends Omit<Settings, 'prices'> {
  priceIn?: number;
  priceOut?: number;
  priceCached?: number;
  config?: string;
  home?: string;
  /** False with `--no-color`. */
  color: boolean;
  json?: boolean;
  events?: boolean;
  quiet?: boolean;
  estimate?: boolean;
  /** Tokens per second that a model writes, for the time of an estimate. */
  speed?: number;
  source?: string[];
  out?: string;
  limit?: number;
  section?: number;
  full?: boolean;
  /** Path of a JSON Schema. */
  schema?: string;
  instructions?: string;
  key?: string[];
  similarity?: number;
  overlapTokens?: number;
}

/** The settings among the flags. */
export function settingsOf(flags: Flags): Settings {
  const prices = defined({ input: flags.priceIn, output: flags.priceOut, cachedInput: flags.priceCached });
  const settings = Object.entries(flags).filter(([name]) => settingNames.includes(name));
  return { ...Object.fromEntries(settings), ...(Object.keys(prices).length > 0 ? { prices } : {}) };
}
