/**
 * Keeps the memory of the program small over documents of any length. What reading makes of a section dies with it,
 * and V8's defaults are for programs whose objects live longer.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The space for new objects; V8 would let it grow to 128 MB, which makes reading no faster. */
const nurseryBytes = 32 * 2 ** 20;

const checkEveryMs = 100;

/**
 * Sets V8's flags for the whole process: new objects are never taken for long-lived ones, which only a full
 * collection finds; such a collection comes when the heap has grown by half, rather than to twice its size or more;
 * and the space for new objects stops growing once it is large enough.
 */
export function tuneHeap(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString('--heap-growing-percent=50');
  const timer = setInterval(() => {
    const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (nursery === undefined || nursery.space_size < nurseryBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, checkEveryMs);
  timer.unref();
}
