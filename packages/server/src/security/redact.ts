/** Keeps keys out of traces, replies and logs, also where an upstream server repeats the key that it was sent. */
import type { RunEvent, RunStore } from '@memagent/core';

/** `text` with what must not be told blackened. */
export type Redact = (text: string) => string;

/** Shorter values are keys of nobody, and would blacken ordinary words. */
const leastSecretLength = 8;

export function createRedact(secrets: readonly string[]): Redact {
  const known = secrets.filter(({ length }) => length >= leastSecretLength);
  return (text) => known.reduce((redacted, secret) => redacted.replaceAll(secret, '[key]'), text);
}

/** A store that keeps no secrets. What a model writes is left as it is: it never saw any. */
export function redactStore(store: RunStore, redact: Redact): RunStore {
  return {
    ...store,
    append: (runId, events) =>
      store.append(
        runId,
        events.map((event) => redactEvent(event, redact)),
      ),
  };
}

function redactEvent(event: RunEvent, redact: Redact): RunEvent {
  switch (event.type) {
    case 'call-retry':
      return { ...event, reason: redact(event.reason) };
    case 'notice':
    case 'run-stop':
      return { ...event, message: redact(event.message) };
    default:
      return event;
  }
}
