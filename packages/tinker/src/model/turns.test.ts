import { describe, expect, it } from 'vitest';
import { TinkerError } from '../errors.ts';
import { createTurns } from './turns.ts';

/** A send that says when it began and ends when told. */
function createSend(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const send = async (seqId: number) => {
    log.push(`${name} ${seqId}`);
    return promise;
  };
  return { send, accept: () => resolve(name), fail: reject };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof TinkerError ? error.code : error),
  );

describe('turns', () => {
  it('send one after the other, numbered from 1', async () => {
    const log: string[] = [];
    const turns = createTurns();
    const [a, b] = [createSend(log, 'a'), createSend(log, 'b')];
    const calls = [turns.take('a', a.send), turns.take('b', b.send)];
    await settle();
    expect(log).toEqual(['a 1']);
    a.accept();
    b.accept();
    expect(await Promise.all(calls)).toEqual(['a', 'b']);
    expect(log).toEqual(['a 1', 'b 2']);
  });

  it('do not send what stood behind a refused request, and give its number to the next', async () => {
    const log: string[] = [];
    const turns = createTurns();
    const [a, b, c] = [createSend(log, 'a'), createSend(log, 'b'), createSend(log, 'c')];
    const calls = [turns.take('a', a.send), turns.take('b', b.send)].map(codeOf);
    a.fail(new TinkerError('refused', 'no'));
    expect(await Promise.all(calls)).toEqual(['refused', 'earlier-request-failed']);
    c.accept();
    await turns.take('c', c.send);
    expect(log).toEqual(['a 1', 'c 1']);
  });

  it('end for good when it cannot be known whether the server took a request', async () => {
    const log: string[] = [];
    const turns = createTurns();
    const a = createSend(log, 'a');
    a.fail(new TinkerError('unreachable', 'away'));
    expect(await codeOf(turns.take('a', a.send))).toBe('unreachable');
    expect(await codeOf(turns.take('b', createSend(log, 'b').send))).toBe('model-broken');
    expect(log).toEqual(['a 1']);
  });

  it('let go of an aborted request at once, and of those behind it, but not of those before it', async () => {
    const log: string[] = [];
    const turns = createTurns();
    const [a, b, c] = [createSend(log, 'a'), createSend(log, 'b'), createSend(log, 'c')];
    const abort = new AbortController();
    const first = turns.take('a', a.send);
    const aborted = codeOf(turns.take('b', b.send, { signal: abort.signal }));
    const behind = codeOf(turns.take('c', c.send));
    abort.abort('enough');
    expect(await aborted).toBe('enough');
    expect(log).toEqual(['a 1']);
    a.accept();
    expect(await first).toBe('a');
    expect(await behind).toBe('earlier-request-failed');
    const d = createSend(log, 'd');
    d.accept();
    await turns.take('d', d.send);
    expect(log).toEqual(['a 1', 'd 2']);
  });

  it('keep the number for a request that the protocol does not number', async () => {
    const log: string[] = [];
    const turns = createTurns();
    const [a, b] = [createSend(log, 'a'), createSend(log, 'b')];
    a.accept();
    b.accept();
    await turns.take('a', a.send, { numbered: false });
    await turns.take('b', b.send);
    expect(log).toEqual(['a 1', 'b 1']);
  });
});
