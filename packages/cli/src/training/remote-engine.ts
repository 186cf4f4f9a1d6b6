import type { TinkerEngineOptions } from '@memagent/train';
import { checkBaseUrl } from '../model/check-base-url.ts';
import { hostedTinkerUrl, tinkerKeyEnv } from '../model/tinker-spec.ts';
import type { Shell } from '../shell.ts';
import type { TrainFlags } from '../training-program.ts';
import { usageError } from '../usage-error.ts';

/** The engine that the flags name; undefined where the policy is computed here. */
export function remoteEngine(
  { backend, baseUrl, model, loraRank = 32, apiKeyEnv, expireAfter }: TrainFlags,
  shell: Shell,
): TinkerEngineOptions | undefined {
  if (backend === undefined) {
    const given = Object.entries({ '--base-url': baseUrl, '--model': model }).find(([, value]) => value);
    if (given) throw usageError(`${given[0]} names an engine elsewhere: say --backend tinker with it.`);
    return undefined;
  }
  if (model === undefined) throw usageError('Say what the server is to train: --model NAME.');
  return {
    connection: {
      baseUrl: baseUrl === undefined ? hostedTinkerUrl : checkBaseUrl(baseUrl),
      apiKey: tinkerKey(shell, { apiKeyEnv, baseUrl }),
      onEvent: (event) => {
        if (event.type === 'server-message') shell.say(event.message);
      },
    },
    baseModel: model,
    lora: loraRank === 0 ? 'full' : { rank: loraRank },
    ...(expireAfter === undefined ? {} : { expireAfterSeconds: expireAfter * 3600 }),
    onNotice: (message) => shell.say(message),
  };
}

/** The key of a server of the Tinker API; one's own needs none. */
function tinkerKey(
  { environment }: Shell,
  { apiKeyEnv, baseUrl }: { apiKeyEnv: string | undefined; baseUrl: string | undefined },
): string {
  const name = apiKeyEnv ?? tinkerKeyEnv;
  const key = environment.secret(name);
  if (key !== undefined) return key;
  if (apiKeyEnv === undefined && baseUrl !== undefined) return 'tml-none';
  throw usageError(`The Tinker API needs a key in the environment variable ${name}, which is not set.`);
}
