/** The environment variables that memagent reads. No other file reads any. */

export interface Environment {
  /** MEMAGENT_HOME: the folder of everything that is kept. */
  home: string | undefined;
  /** MEMAGENT_MODEL */
  model: string | undefined;
  /** MEMAGENT_BASE_URL */
  baseUrl: string | undefined;
  /** OPENAI_BASE_URL, for models named `openai:...`. */
  openaiBaseUrl: string | undefined;
  /** OLLAMA_HOST: where a local Ollama listens. */
  ollamaHost: string | undefined;
  /** HF_ENDPOINT: a mirror of the Hugging Face Hub. */
  hubUrl: string | undefined;
  /** NO_COLOR (no-color.org): set to anything but the empty text. */
  isColourless: boolean;
  /** The value of a variable that holds a key, by its name. */
  secret(name: string): string | undefined;
  /** `text` with the keys that were handed out by `secret` blackened. */
  redact(text: string): string;
}

/** Shorter values are passwords of nobody, and would blacken ordinary words. */
const leastSecretLength = 8;

/** Reads the variables. An empty one counts as not set. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const value = (name: string): string | undefined => env[name] || undefined;
  const secrets = new Set<string>();
  return {
    home: value('MEMAGENT_HOME'),
    model: value('MEMAGENT_MODEL'),
    baseUrl: value('MEMAGENT_BASE_URL'),
    openaiBaseUrl: value('OPENAI_BASE_URL'),
    ollamaHost: value('OLLAMA_HOST'),
    hubUrl: value('HF_ENDPOINT'),
    isColourless: value('NO_COLOR') !== undefined,
    secret(name) {
      const secret = value(name);
      if (secret !== undefined && secret.length >= leastSecretLength) secrets.add(secret);
      return secret;
    },
    redact(text) {
      let redacted = text;
      for (const secret of secrets) redacted = redacted.replaceAll(secret, '[key]');
      return redacted;
    },
  };
}
