import { useEffect, useState } from 'preact/hooks';
import { messageOf } from './client.ts';

export interface Loaded<Value> {
  value: Value | undefined;
  error: string | undefined;
  isLoading: boolean;
  /** Loads it again; what is shown stays until then. */
  reload: () => void;
}

/** Loads something when the component appears, and again when `key` changes; what it no longer wants is aborted. */
export function useLoad<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: string }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async (): Promise<void> => {
      try {
        const value = await load(signal);
        if (!signal.aborted) setState({ key, value });
      } catch (error) {
        if (!signal.aborted) setState({ key, error: messageOf(error) });
      }
    };
    void follow();
    return () => controller.abort();
  }, [key, turn]);
  const isCurrent = state?.key === key;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: !isCurrent,
    reload: () => setTurn((count) => count + 1),
  };
}
