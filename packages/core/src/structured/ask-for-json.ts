/** Asks a model for JSON until a reply is accepted; each time after the first it is told what was wrong. */
import type { CallReply } from '../model/call-model.ts';
import { addUsage, noUsage, type Usage } from '../model/usage.ts';
import type { StepContext } from '../reader/reader.ts';
import type { Json } from '../json.ts';
import { parseJsonReply } from './parse-json-reply.ts';

/** What became of a reply. */
export type Judgement<T> =
  | { accepted: T; problem?: never }
  /** `best` is what is taken of it if no later reply is better; `worth` orders them. */
  | { problem: string; best?: T; worth?: number };

export interface JsonRequest<T> {
  /** Makes one call; `problem` is what was wrong with the reply before, `attempts` how many calls there were. */
  ask(problem: string | undefined, attempts: number): Promise<CallReply>;
  /** Judges the JSON of a reply. */
  judge(json: Json): Promise<Judgement<T>>;
  /** Times that it is asked again. */
  repairs: number;
  context: StepContext;
}

/** How it ended, and what all calls used. */
export type JsonReply<T> = { usage: Usage } & (
  | { outcome: 'accepted'; value: T }
  /** `problem` and `reply` are those of the last reply. */
  | { outcome: 'invalid'; problem: string; reply: string; best?: T }
  /** The reply ended at its limit of tokens. */
  | { outcome: 'cut'; reply: string }
  | { outcome: Exclude<CallReply['outcome'], 'text'> }
);

/** A reply that was cut is not asked for again as it is: the same limit would cut it again. */
export async function askForJson<T>({ ask, judge, repairs, context }: JsonRequest<T>): Promise<JsonReply<T>> {
  let usage: Usage = { ...noUsage };
  let attempts = 0;
  let problem: string | undefined;
  let best: { value: T; worth: number } | undefined;
  for (let repair = 0; ; repair += 1) {
    const reply = await ask(problem, attempts);
    usage = addUsage(usage, reply.usage);
    attempts += reply.attempts;
    if (reply.outcome !== 'text') return { outcome: reply.outcome, usage };
    const parsed = parseJsonReply(reply.text);
    if (reply.isCut && 'problem' in parsed) return { outcome: 'cut', reply: reply.text, usage };
    const judged: Judgement<T> = 'json' in parsed ? await judge(parsed.json) : parsed;
    if (judged.problem === undefined) return { outcome: 'accepted', value: judged.accepted, usage };
    problem = judged.problem;
    if (judged.best !== undefined && (best === undefined || (judged.worth ?? 0) > best.worth)) {
      best = { value: judged.best, worth: judged.worth ?? 0 };
    }
    if (repair === repairs) {
      return {
        outcome: 'invalid',
        problem,
        reply: reply.text,
        ...(best ? { best: best.value } : {}),
        usage,
      };
    }
    const retried: Usage = { ...noUsage, retries: 1 };
    context.spend(retried);
    usage = addUsage(usage, retried);
    await context.emit({
      type: 'call-retry',
      step: context.step,
      attempt: attempts,
      reason: `the reply does not follow the schema: ${problem}`,
      delayMs: 0,
    });
  }
}
