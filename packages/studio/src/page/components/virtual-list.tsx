/** A long list of which only what is in sight is in the page. Heights are measured as items appear. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

export interface VirtualListProps {
  count: number;
  /** What scrolls; it must be there before the list. */
  scroller: RefObject<HTMLElement | null>;
  estimateSize: (index: number) => number;
  /** Brought into sight when it changes. */
  target?: number;
  render: (index: number) => ComponentChildren;
}

export function VirtualList({ count, scroller, estimateSize, target, render }: VirtualListProps) {
  const [, setVersion] = useState(0);
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(optionsOf()));

  function optionsOf(): VirtualizerOptions<HTMLElement, HTMLElement> {
    return {
      count,
      estimateSize,
      getScrollElement: () => scroller.current,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      overscan: 2,
      onChange: () => setVersion((version) => version + 1),
    };
  }
  virtualizer.setOptions(optionsOf());
  // The library's own adapters call these two.
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._didMount(), []);
  // oxlint-disable-next-line no-underscore-dangle
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => {
    if (target !== undefined) virtualizer.scrollToIndex(target, { align: 'start' });
  }, [target]);

  return (
    <div class="virtual" style={{ height: `${virtualizer.getTotalSize()}px` }}>
      {virtualizer.getVirtualItems().map(({ key, index, start }) => (
        <div
          key={key}
          data-index={index}
          ref={(element) => virtualizer.measureElement(element)}
          style={{ transform: `translateY(${start}px)` }}
        >
          {render(index)}
        </div>
      ))}
    </div>
  );
}
