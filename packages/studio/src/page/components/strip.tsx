/**
 * The sections of a run as bars: how much of the memory changed is their height, what became of them their colour.
 * Drawn on a canvas, so that thousands cost no more than a few; to the keyboard and to screen readers it is a slider.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount, formatQuantity, formatShare } from '../format.ts';
import type { StepState, Stop } from '../trace/trace.ts';
import { useColours } from './use-colours.ts';

const colourNames = [
  'state-changed',
  'state-kept',
  'state-skipped',
  'state-retried',
  'state-failed',
  'state-reading',
  'accent',
  'ink-2',
] as const;

const stateWords: Record<StepState, string> = {
  changed: 'memory changed',
  kept: 'memory kept',
  skipped: 'not read by the model',
  retried: 'asked again',
  failed: 'no useful reply',
  reading: 'being read',
};

/** How a stop ended, in words. */
export function wordsOfState({ kind, state, records }: Pick<Stop, 'kind' | 'state' | 'records'>): string {
  if (records !== undefined && (state === 'changed' || state === 'kept')) {
    return records === 0 ? 'no record' : formatQuantity(records, 'record');
  }
  if (kind === 'answer' && state === 'changed') return 'written from the memory';
  if (kind === 'answer' && state === 'reading') return 'being written';
  return stateWords[state];
}

/** The worse a state is, the more it must be seen where several share a bar. */
const weight: Record<StepState, number> = {
  skipped: 0,
  kept: 1,
  reading: 2,
  changed: 3,
  retried: 4,
  failed: 5,
};

/** Room for the marker of the selected bar, and the least height of a bar, in CSS pixels. */
const markerHeight = 6;
const leastBar = 4;

export interface StripProps {
  stops: readonly Stop[];
  /** How many there will be, as far as that is known. */
  expected: number;
  selected: number;
  onSelect: (index: number) => void;
}

export function Strip({ stops, expected, selected, onSelect }: StripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const colours = useColours(colourNames);
  const count = Math.max(expected, stops.length, 1);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize({ width, height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || size.width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(size.width * ratio);
    element.height = Math.round(size.height * ratio);
    context.scale(ratio, ratio);
    drawBars(context, { stops, count, selected, colours, ...size });
  });

  const stop = stops[selected];
  return (
    <div
      class="strip"
      role="slider"
      tabIndex={0}
      aria-label="Step of the run"
      aria-valuemin={1}
      aria-valuemax={Math.max(1, stops.length)}
      aria-valuenow={Math.min(selected + 1, Math.max(1, stops.length))}
      aria-valuetext={stop ? describeStop(stop) : 'Nothing was read yet'}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onSelect(indexAt(event, count, stops.length));
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) onSelect(indexAt(event, count, stops.length));
      }}
    >
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

function indexAt(event: PointerEvent, count: number, last: number): number {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const share = (event.clientX - box.left) / box.width;
  return Math.max(0, Math.min(last - 1, Math.floor(share * count)));
}

/** A stop in words. */
export function describeStop(stop: Stop): string {
  const changed = stop.share > 0 ? `, ${formatShare(stop.share)} of it` : '';
  return `${nameOfStop(stop)}: ${wordsOfState(stop)}${stop.state === 'changed' ? changed : ''}`;
}

export function nameOfStop({ kind, section, step, pass, part }: Stop): string {
  if (kind === 'section') {
    const name = `Section ${formatCount(section ?? 0)}`;
    return `${name}${pass > 1 ? ', second pass' : ''}${part > 1 ? `, part ${part}` : ''}`;
  }
  if (kind === 'answer') return 'Answer';
  return `Merge ${step?.split('/').slice(1).join('.') ?? ''}`;
}

interface Drawing {
  stops: readonly Stop[];
  count: number;
  selected: number;
  colours: Record<(typeof colourNames)[number], string>;
  width: number;
  height: number;
}

function drawBars(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { stops, count, selected, colours, width, height } = drawing;
  const room = height - markerHeight;
  const step = width / count;
  const gap = step > 6 ? 1.5 : step > 3 ? 0.75 : 0;
  // Where there are more bars than pixels, the tallest and the worst of those in a pixel is seen.
  const perBar = Math.max(1, Math.ceil(1 / step));
  for (let first = 0; first < stops.length; first += perBar) {
    let share = 0;
    let state: StepState = 'skipped';
    for (let index = first; index < Math.min(first + perBar, stops.length); index += 1) {
      const stop = stops[index];
      if (!stop) continue;
      share = Math.max(share, stop.kind === 'answer' ? 1 : stop.share);
      if (weight[stop.state] >= weight[state]) ({ state } = stop);
    }
    const bar = leastBar + Math.sqrt(share) * (room - leastBar);
    context.fillStyle = colours[`state-${state}`];
    context.fillRect(first * step, height - markerHeight - bar, Math.max(1, step * perBar - gap), bar);
  }
  const again = stops.findIndex(({ pass }) => pass === 2);
  if (again > 0) {
    context.fillStyle = colours['ink-2'];
    context.fillRect(again * step - 1, 0, 1, room + markerHeight);
  }
  if (selected < 0 || selected >= stops.length) return;
  const middle = (selected + 0.5) * step;
  context.fillStyle = colours['ink-2'];
  context.fillRect(middle - Math.max(step, 3) / 2, height - 4, Math.max(step, 3), 4);
  context.globalAlpha = 0.35;
  context.fillRect(middle - 0.5, 0, 1, height);
  context.globalAlpha = 1;
}

export function StripLegend() {
  const states: readonly StepState[] = ['changed', 'kept', 'retried', 'failed', 'skipped'];
  return (
    <ul class="legend" aria-label="Colours of the strip">
      {states.map((state) => (
        <li key={state}>
          <span class={`swatch ${state}`} aria-hidden="true" />
          {stateWords[state]}
        </li>
      ))}
      <li>height: share of the memory that changed</li>
    </ul>
  );
}
