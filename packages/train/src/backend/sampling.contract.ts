/** How a backend samples, and scores what was sampled. */
import { describe, expect, test } from 'vitest';
import type { BackendFixture } from './backend.contract.ts';
import { type ContractKit, defaultTolerance, largestDifference } from './contract-kit.contract.ts';
import type { SampleRequest } from './backend.ts';

/** Declares the suite. */
export function samplingContract<Observation>(
  fixture: BackendFixture<Observation>,
  kit: ContractKit<Observation>,
): void {
  const { create, requests, sampleAll, taken } = kit;
  const { observations, maxActions, tolerance = defaultTolerance } = fixture;

  /** How far what sampling tells is from what scoring does. */
  async function distanceToScores(change: Partial<SampleRequest<Observation>>): Promise<number> {
    const backend = await create();
    const asked = requests(6, change);
    const drawn = await sampleAll(backend, asked);
    const known = await backend.logprobs(taken(asked, drawn));
    return largestDifference(
      known,
      drawn.map(({ logprobs }) => logprobs),
    );
  }

  describe('sampling', () => {
    test('gives the same actions for the same seed, and others for other seeds', async () => {
      const backend = await create();
      const [first, again] = [await sampleAll(backend, requests(4)), await sampleAll(backend, requests(4))];
      expect(again).toEqual(first);
      const observation = observations[0] as Observation;
      const draws = await sampleAll(
        backend,
        requests(20).map((request) => ({ ...request, observation })),
      );
      expect(new Set(draws.map(({ actions }) => actions.join())).size).toBeGreaterThan(1);
    });

    test('does not depend on what is sampled at the same time, or in which order', async () => {
      const backend = await create();
      const asked = requests(9);
      const together = await sampleAll(backend, asked);
      const reversed = (await sampleAll(backend, asked.toReversed())).toReversed();
      expect(reversed).toEqual(together);
      for (const [index, request] of asked.entries()) {
        expect(await backend.sample(request)).toEqual(together[index]);
      }
    });

    test.each(fixture.temperatures ?? [1, 0.7])(
      'at temperature %d tells the log-probabilities that logprobs gives',
      async (temperature) => expect(await distanceToScores({ temperature })).toBeLessThan(tolerance),
    );

    test('tells the log-probabilities of the whole policy under topP', async () =>
      expect(await distanceToScores({ topP: 0.6 })).toBeLessThan(tolerance));

    test('draws each action as often as its probability says', async () => {
      const backend = await create();
      const count = 600;
      const drawn = await sampleAll(
        backend,
        requests(count, { maxActions: 1, observation: observations[0] as Observation }),
      );
      const seen = new Map<number, { times: number; p: number }>();
      for (const { actions, logprobs } of drawn) {
        const action = actions[0] as number;
        const { times } = seen.get(action) ?? { times: 0 };
        seen.set(action, { times: times + 1, p: Math.exp(logprobs[0] as number) });
      }
      // What is likely enough to be seen often; four standard errors.
      for (const { times, p } of [...seen.values()].filter((one) => one.p > 0.02)) {
        expect(Math.abs(times / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
      }
      expect(seen.size).toBeGreaterThan(1);
    });

    test('takes the most likely actions at temperature 0, and under a small topP', async () => {
      const backend = await create();
      const greedy = await sampleAll(backend, requests(3, { temperature: 0 }));
      const others = await sampleAll(backend, requests(3, { temperature: 0, seed: 77 }));
      const narrow = await sampleAll(backend, requests(3, { topP: 1e-6 }));
      expect(others.map(({ actions }) => actions)).toEqual(greedy.map(({ actions }) => actions));
      expect(narrow.map(({ actions }) => actions)).toEqual(greedy.map(({ actions }) => actions));
    });

    test('takes no more than maxActions, and says whether it ended by itself', async () => {
      const backend = await create();
      const drawn = await sampleAll(backend, requests(12));
      for (const { actions } of drawn) {
        expect(actions.length).toBeGreaterThan(0);
        expect(actions.length).toBeLessThanOrEqual(maxActions);
      }
      const short = drawn.filter(({ actions }) => actions.length < maxActions);
      expect(short.map(({ finish }) => finish)).toEqual(short.map(() => 'end'));
    });

    test('tells an entropy that is not negative', async () => {
      const backend = await create();
      for (const { entropy } of await sampleAll(backend, requests(3)))
        expect(entropy).toBeGreaterThanOrEqual(0);
    });

    test('goes on from a snapshot as the weights were, where it can make one', async () => {
      const backend = await create();
      if (!backend.snapshot) return;
      const asked = requests(4);
      const before = await sampleAll(backend, asked);
      const snapshot = backend.snapshot();
      await kit.train(backend);
      expect(await sampleAll(snapshot, asked)).toEqual(before);
      expect(await sampleAll(backend, asked)).not.toEqual(before);
    });

    test('ends with the reason of an abort', async () => {
      const backend = await create();
      const reason = new Error('enough');
      const [request] = requests(1, { signal: AbortSignal.abort(reason) });
      await expect(backend.sample(request as SampleRequest<Observation>)).rejects.toBe(reason);
    });
  });
}
