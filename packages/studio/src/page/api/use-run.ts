import { useEffect, useMemo, useState } from 'preact/hooks';
import { createTrace, type Trace } from '../trace/trace.ts';
import { callJson, messageOf } from './client.ts';
import type { RunView } from './types.ts';
import { watchRun } from './watch.ts';

export interface WatchedRun {
  trace: Trace;
  view: RunView | undefined;
  /** All that was stored before the page came is here. */
  isLoaded: boolean;
  /** False while the connection is lost; it is tried again. */
  isConnected: boolean;
  error: string | undefined;
  /** Watches again, as after a run was resumed. */
  restart: () => void;
}

/** How often what is shown changes while a run that stands still is loaded. */
const loadingMs = 300;

/** Follows a run as it goes. What it shows changes at most once a frame. */
export function useRun(runId: string): WatchedRun {
  const trace = useMemo(createTrace, [runId]);
  const [turn, setTurn] = useState(0);
  const [, setVersion] = useState(0);
  const [view, setView] = useState<RunView>();
  const [isConnected, setConnected] = useState(true);
  const [isLoaded, setLoaded] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let frame = 0;
    let shownAt = 0;
    let isLive = false;
    const show = (now: number): void => {
      if (!isLive && now - shownAt < loadingMs) {
        frame = requestAnimationFrame(show);
        return;
      }
      frame = 0;
      shownAt = now;
      setVersion((count) => count + 1);
    };
    const refresh = (): void => {
      if (frame === 0) frame = requestAnimationFrame(show);
    };
    const look = async (): Promise<void> => {
      const run = await callJson<RunView>(`/v1/runs/${encodeURIComponent(runId)}`, { signal });
      isLive = run.status === 'running';
      setView(run);
    };
    const follow = async (): Promise<void> => {
      setError(undefined);
      await look();
      await watchRun(runId, {
        after: () => trace.lastSeq,
        onEvent(event) {
          trace.apply(event);
          refresh();
        },
        onConnection: setConnected,
        signal,
      });
      await look();
      setLoaded(true);
    };
    follow().catch((reason: unknown) => {
      if (!signal.aborted) setError(messageOf(reason));
    });
    return () => {
      controller.abort();
      cancelAnimationFrame(frame);
    };
  }, [runId, turn]);

  return { trace, view, isLoaded, isConnected, error, restart: () => setTurn((count) => count + 1) };
}
