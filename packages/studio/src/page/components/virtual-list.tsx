/** A long list of which only what is in sight is in the page. Heights are measured as items appear. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface VirtualListProps {
  count: number;
  /** What scrolls; it must be there before the list. */
  scroller: RefObject<HTMLElement | null>;
  estimateSize: (index: number) => number;
  /**
   * The item to show first. It stays in sight while heights become known, until someone scrolls; where it holds an
   * element that `anchor` selects, that stands in the middle.
   */
  target: number;
  anchor: string;
  render: (index: number) => ComponentChildren;
}

/** How people scroll. */
const userInputs = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

export function VirtualList({ count, scroller, estimateSize, target, anchor, render }: VirtualListProps) {
  const [, setVersion] = useState(0);
  const isPinned = useRef(true);
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
    const element = scroller.current;
    const release = (): void => {
      isPinned.current = false;
    };
    for (const type of userInputs) element?.addEventListener(type, release, { passive: true });
    return () => {
      for (const type of userInputs) element?.removeEventListener(type, release);
    };
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isPinned.current) return;
    const anchored = element.querySelector(anchor)?.getBoundingClientRect();
    const frame = element.getBoundingClientRect();
    const top = anchored
      ? element.scrollTop + anchored.top - frame.top - (frame.height - anchored.height) / 2
      : virtualizer.getOffsetForIndex(target, 'start')?.[0];
    if (top !== undefined && Math.abs(top - element.scrollTop) > 1) element.scrollTop = top;
  });

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
