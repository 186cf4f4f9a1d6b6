import { describe, expect, it } from 'vitest';
import { bodyDigest, createFaultDecision, faultKinds, type FaultRequest } from './fault-plan.ts';

const requests = Array.from({ length: 2000 }, (_, index): FaultRequest => ({
  number: index + 1,
  attempt: 1,
  digest: bodyDigest(`body ${index}`),
  step: 'update',
}));

describe('a seeded fault plan', () => {
  it('hits its share of the requests with every kind', () => {
    const faults = requests
      .map(createFaultDecision({ rate: 0.2, seed: 1 }))
      .filter((fault) => fault !== undefined);
    expect(faults.length / requests.length).toBeCloseTo(0.2, 1);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    expect(new Set(faults.map(({ variant }) => variant))).toEqual(new Set([0, 1]));
    expect(requests.map(createFaultDecision({ rate: 0 })).filter(Boolean)).toEqual([]);
  });

  it('depends on seed, body and attempt, and on nothing else', () => {
    const decide = createFaultDecision({ rate: 0.5, seed: 1 });
    const again = createFaultDecision({ rate: 0.5, seed: 1 });
    const backwards = requests.toReversed().map((request, index) => again({ ...request, number: index + 1 }));
    expect(backwards.toReversed()).toEqual(requests.map(decide));
    expect(requests.map(createFaultDecision({ rate: 0.5, seed: 2 }))).not.toEqual(requests.map(decide));
    expect(requests.map((request) => decide({ ...request, attempt: 2 }))).not.toEqual(requests.map(decide));
  });

  it('lets a request succeed in the end', () => {
    expect(faultyAttempts({})).toEqual([true, true, true, false, false]);
    expect(faultyAttempts({ faultyAttempts: 1 })).toEqual([true, false, false, false, false]);
  });

  it('makes only memories over-long', () => {
    const decide = createFaultDecision({ rate: 1, kinds: ['over-long', 'empty'] });
    const kindsAt = (step: FaultRequest['step']): Set<string | undefined> =>
      new Set(requests.map((request) => decide({ ...request, step })?.kind));
    expect(kindsAt('update')).toEqual(new Set(['over-long', 'empty']));
    expect(kindsAt('merge')).toEqual(new Set(['over-long', 'empty']));
    expect(kindsAt('answer')).toEqual(new Set(['empty']));
    expect(kindsAt(undefined)).toEqual(new Set(['empty']));
    const onlyOverLong = createFaultDecision({ rate: 1, kinds: ['over-long'] });
    expect(onlyOverLong({ ...requests[0]!, step: 'answer' })).toBeUndefined();
  });

  it.each([
    { rate: 1.5 },
    { rate: Number.NaN },
    { rate: 0.1, kinds: [] },
    { rate: 0.1, kinds: ['fire' as 'hang'] },
  ])('refuses %j', (plan) => {
    expect(() => createFaultDecision(plan)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

function faultyAttempts(plan: { faultyAttempts?: number }): boolean[] {
  const decide = createFaultDecision({ rate: 1, ...plan });
  return [1, 2, 3, 4, 5].map((attempt) => decide({ ...requests[0]!, attempt }) !== undefined);
}

it('a function is a plan too', () => {
  const decide = createFaultDecision((number, attempt) => (number === 2 && attempt < 3 ? 'hang' : undefined));
  expect(decide({ ...requests[1]!, attempt: 1 })).toEqual({ kind: 'hang', variant: 0 });
  expect(decide({ ...requests[1]!, attempt: 2 })).toEqual({ kind: 'hang', variant: 1 });
  expect(decide({ ...requests[1]!, attempt: 3 })).toBeUndefined();
  expect(decide(requests[0]!)).toBeUndefined();
});
