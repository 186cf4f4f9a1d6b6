/** Training as plain lines, for pipes and logs: one now and then, every checkpoint, everything out of the ordinary. */
import type { Shell } from '../shell.ts';
import { createTrainingNoticeText } from './training-notice-text.ts';
import type { TrainingProgress } from './training-progress.ts';
import type { TrainingView } from './training-view.ts';
import { measureWords, placeWords, rewardWord } from './training-words.ts';

/** Milliseconds of training between two lines; the first and the last step of a phase have theirs in any case. */
const everyMs = 5000;

export function createTrainingLog(shell: Shell, progress: TrainingProgress): TrainingView {
  let saidAt = Number.NEGATIVE_INFINITY;
  let phase: string | undefined;
  let pending: string | undefined;
  const noticeText = createTrainingNoticeText(shell.colours.stderr);

  /** Says the last step's line if it has not been said. */
  function flush(): void {
    if (pending !== undefined) shell.say(pending);
    pending = undefined;
  }

  return {
    show(event) {
      progress.apply(event);
      const notice = noticeText(event);
      if (notice !== undefined) shell.say(notice);
      if (event.type === 'checkpoint-saved' || event.type === 'rl-start' || event.type === 'training-end') {
        flush();
        if (event.type === 'checkpoint-saved') shell.say(`checkpoint  ${event.folder}`);
      }
      if (event.type !== 'step-end') return;
      const { metrics } = event;
      pending = [...placeWords(progress.state()), rewardWord(metrics), ...measureWords(metrics)].join(' · ');
      if (metrics.phase === phase && metrics.elapsedMs - saidAt < everyMs) return;
      phase = metrics.phase;
      saidAt = metrics.elapsedMs;
      flush();
    },
    end: flush,
  };
}
