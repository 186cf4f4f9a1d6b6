import type { Environment } from '../environment.ts';

/** Holds the key of a server when no other variable is named. */
export const defaultKeyEnv = 'MEMAGENT_API_KEY';

/** The key of a server and the environment variable that it is in. */
export interface ServerKey {
  name: string;
  /** Undefined where the variable is not set. */
  value: string | undefined;
}

/** Takes the key from the variable `apiKeyEnv`, or from the one that is used without a name. */
export function serverKey(apiKeyEnv: string | undefined, environment: Environment): ServerKey {
  const name = apiKeyEnv ?? defaultKeyEnv;
  return { name, value: environment.secret(name) };
}
