import { createTinkerClient } from '../create-tinker-client.ts';
import type { TinkerEvent } from '../events.ts';
import type { Model } from '../model/model.ts';
import type { Session } from '../session/session.ts';
import type { TinkerClient, TinkerClientOptions } from '../tinker-client.ts';
import { createFaultyFetch, type Fault, type SeenRequest } from './faults.ts';
import { createFixtureServer, type FixtureOptions, type FixtureServer } from './fixture-server.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A client of a fixture server, with all that happened between them. */
export interface Fixture {
  readonly tinker: TinkerClient;
  readonly server: FixtureServer;
  readonly clock: VirtualClock;
  readonly seen: readonly SeenRequest[];
  readonly events: readonly TinkerEvent[];
  /** The kinds of events of which there are more than a few, as `request-retry`. */
  readonly eventsOf: <Type extends TinkerEvent['type']>(
    type: Type,
  ) => readonly Extract<TinkerEvent, { type: Type }>[];
}

/** What a test wants otherwise. */
export interface FixtureSetup extends FixtureOptions {
  readonly faults?: Readonly<Record<string, readonly (Fault | undefined)[]>>;
  readonly client?: Partial<TinkerClientOptions>;
}

/** A client and a server that know each other alone. */
export function openFixture({ faults, client, ...options }: FixtureSetup = {}): Fixture {
  const server = createFixtureServer(options);
  const { fetch, seen } = createFaultyFetch(server.fetch, faults);
  const clock = createVirtualClock();
  const events: TinkerEvent[] = [];
  const tinker = createTinkerClient({
    baseUrl: 'http://fixture',
    fetch,
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...client,
    retry: { maxWaitMs: 5000, ...client?.retry },
  });
  return {
    tinker,
    server,
    clock,
    seen,
    events,
    eventsOf: (type) =>
      events.filter((event): event is Extract<TinkerEvent, { type: typeof type }> => event.type === type),
  };
}

/** A fixture with a session and a model. */
export async function openModel(
  setup: FixtureSetup = {},
): Promise<Fixture & { session: Session; model: Model }> {
  const fixture = openFixture(setup);
  const session = await fixture.tinker.openSession();
  const model = await session.createModel({ baseModel: 'tiny', lora: { rank: 8 } });
  return { ...fixture, session, model };
}
