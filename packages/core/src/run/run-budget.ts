/** Hard limits of a run: checked before each request with the most that it may use, so they are never passed. */
import { MemagentError } from '../errors.ts';
import { costOf, type Prices } from '../model/price.ts';
import { addUsage, noUsage, type Usage } from '../model/usage.ts';

export interface RunLimits {
  /** Most tokens, prompt and output together, of all calls of the run. */
  maxTokens?: number;
  /** Most money, in the currency of `prices`, which are needed for it. */
  maxCost?: number;
  /** Longest that one session of the run may take, in milliseconds. */
  maxTimeMs?: number;
}

export interface RunBudget {
  /** All that was used so far, earlier sessions included. */
  readonly usage: Usage;
  spend(usage: Usage): void;
  /** Reserves a request's most; the returned function gives the reservation back. Throws `limit-reached`. */
  admit(call: { promptTokens: number; maxOutputTokens: number }): () => void;
}

export function createRunBudget(
  { maxTokens = Infinity, maxCost = Infinity }: RunLimits,
  prices: Prices | undefined,
  spent: Usage,
): RunBudget {
  let usage = spent;
  let reservedTokens = 0;
  let reservedCost = 0;
  return {
    get usage() {
      return usage;
    },
    spend(more) {
      usage = addUsage(usage, more);
    },
    admit({ promptTokens, maxOutputTokens }) {
      const tokens = promptTokens + maxOutputTokens;
      const cost = prices
        ? costOf({ promptTokens, completionTokens: maxOutputTokens, cachedTokens: 0 }, prices)
        : 0;
      const nextTokens = usage.promptTokens + usage.completionTokens + reservedTokens + tokens;
      const nextCost = (usage.cost ?? 0) + reservedCost + cost;
      if (nextTokens > maxTokens) throw limitReached('maxTokens', maxTokens, nextTokens);
      if (nextCost > maxCost) throw limitReached('maxCost', maxCost, nextCost);
      reservedTokens += tokens;
      reservedCost += cost;
      return () => {
        reservedTokens -= tokens;
        reservedCost -= cost;
      };
    },
  };
}

/**
 * A budget for several runs: what they use together stays within the limits. Pass it to each as `budget`. Throws
 * `invalid-option` for a cost limit without prices.
 */
export function createBudget(limits: Pick<RunLimits, 'maxTokens' | 'maxCost'>, prices?: Prices): RunBudget {
  if (limits.maxCost !== undefined && prices === undefined) {
    throw new MemagentError('A budget with maxCost needs prices (money per million tokens) to be kept.', {
      code: 'invalid-option',
      data: { option: 'maxCost' },
    });
  }
  return createRunBudget(limits, prices, { ...noUsage });
}

/** One run's own budget and one that it shares with others: a request has to fit into both. */
export function joinBudgets(own: RunBudget, shared: RunBudget): RunBudget {
  return {
    get usage() {
      return own.usage;
    },
    spend(usage) {
      own.spend(usage);
      shared.spend(usage);
    },
    admit(call) {
      const giveBack = own.admit(call);
      try {
        const giveBackShared = shared.admit(call);
        return () => {
          giveBack();
          giveBackShared();
        };
      } catch (error) {
        giveBack();
        throw error;
      }
    },
  };
}

/** The session has taken as long as it may. */
export function timeIsUp(maxTimeMs: number): MemagentError {
  return new MemagentError(
    `The run stops at its limit maxTimeMs: it has worked for ${inWords(maxTimeMs)}. What was read is kept; resume the run to go on.`,
    { code: 'limit-reached', resumable: true, data: { limit: 'maxTimeMs', value: maxTimeMs } },
  );
}

function inWords(ms: number): string {
  const units = [
    { name: 'h', ms: 3_600_000 },
    { name: 'min', ms: 60_000 },
    { name: 's', ms: 1000 },
  ];
  const unit = units.find((candidate) => ms >= candidate.ms);
  return unit ? `${Math.round((ms / unit.ms) * 10) / 10} ${unit.name}` : `${Math.round(ms)} ms`;
}

/** The limit `name` of `limit` stops the run: going on could take it to `next`. */
function limitReached(name: 'maxTokens' | 'maxCost', limit: number, next: number): MemagentError {
  return new MemagentError(
    `The run stops at its limit ${name} = ${limit}: going on could take it to ${Number(next.toPrecision(6))}. What was read is kept; resume the run with a higher limit.`,
    { code: 'limit-reached', resumable: true, data: { limit: name, value: limit, next } },
  );
}
