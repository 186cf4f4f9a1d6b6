/**
 * The order in which a model's requests are carried out: that of their `seq_id`, from 1, whatever the order in which
 * they come in; those without one in the order of arrival. One at a time, since each may change the weights.
 */
export interface RequestOrder {
  /** Runs the work when its turn has come. */
  run<Result>(seqId: number | undefined, work: () => Promise<Result>): Promise<Result>;
}

export function createRequestOrder(): RequestOrder {
  const waiting = new Map<number, () => void>();
  let next = 1;
  let last: Promise<unknown> = Promise.resolve();

  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    // A turn of the event loop in between lets other requests in while much is to be computed.
    const result = last.then(() => new Promise((resolve) => setImmediate(resolve))).then(work);
    last = result.catch(() => {});
    return result;
  }

  return {
    run(seqId, work) {
      if (seqId === undefined || seqId < next) return enqueue(work);
      return new Promise((resolve, reject) => {
        waiting.set(seqId, () => enqueue(work).then(resolve, reject));
        for (let start = waiting.get(next); start; start = waiting.get(next)) {
          waiting.delete(next);
          next += 1;
          start();
        }
      });
    },
  };
}
