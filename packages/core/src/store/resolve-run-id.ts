import { MemagentError } from '../errors.ts';
import { runNotFound } from './run-errors.ts';
import type { RunStore } from './run-store.ts';

const namesShown = 5;

/**
 * The run that a person means: by its whole id, by a beginning that no other run has (in either case), or by
 * `last` for the newest. Throws `run-not-found`, also when several runs could be meant.
 */
export async function resolveRunId(store: Pick<RunStore, 'list' | 'get'>, name: string): Promise<string> {
  const prefix = name.toLowerCase();
  if (prefix === '') throw runNotFound(name);
  if ((await store.get(prefix)) !== undefined) return prefix;
  const runs = await store.list(prefix === 'last' ? { limit: 1 } : { prefix, limit: namesShown + 1 });
  const [first, second] = runs;
  if (first === undefined) throw runNotFound(name);
  if (second === undefined) return first.runId;
  const names = runs.slice(0, namesShown).map(({ runId }) => runId);
  throw new MemagentError(
    `Several runs begin with ${JSON.stringify(name)}: ${names.join(', ')}${runs.length > namesShown ? ', …' : ''}. ` +
      'Give more of the one that you mean.',
    { code: 'run-not-found', data: { runId: name, candidates: names } },
  );
}
