/** Progress as plain lines, for pipes and logs: one now and then, and everything out of the ordinary. */
import { oneLine } from '../format/plain-text.ts';
import type { Shell } from '../shell.ts';
import { createNoticeText } from './notice-text.ts';
import type { Progress } from './progress.ts';
import { progressWords } from './progress-line.ts';
import type { ProgressView } from './progress-view.ts';

/** A line comes after so many sections or so much time, whichever is first. */
const every = { sections: 50, ms: 10_000 };

export function createProgressLog(shell: Shell, progress: Progress): ProgressView {
  let last = { sections: 0, at: Number.NaN };
  const noticeText = createNoticeText(shell.colours.stderr);
  return {
    remember: (event) => progress.apply(event),
    show(event) {
      progress.apply(event);
      const notice = noticeText(event);
      if (notice !== undefined) shell.say(notice);
      if (event.type === 'call-retry') {
        const seconds = Math.ceil(event.delayMs / 1000);
        shell.say(
          `Step ${event.step}, attempt ${event.attempt}: ${oneLine(event.reason).replace(/\.$/, '')}; asked again in ${seconds} s.`,
        );
      }
      const state = progress.at(event.at);
      if (Number.isNaN(last.at)) last = { sections: state.sections, at: event.at };
      // A second pass begins at 0 again.
      const moved = Math.abs(state.sections - last.sections);
      if (moved < every.sections && event.at - last.at < every.ms) return;
      last = { sections: state.sections, at: event.at };
      shell.say(progressWords(state).join(' · '));
    },
    end() {},
  };
}
