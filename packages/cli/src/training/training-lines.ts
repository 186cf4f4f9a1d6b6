/** Training on a terminal: where it is, the reward's curve, what the step measured, and what happened last. */
import { oneLine, shorten } from '../format/plain-text.ts';
import { sparkline } from '../format/sparkline.ts';
import { drawBar } from '../progress/draw-bar.ts';
import { createLiveLines } from '../progress/live-lines.ts';
import type { Colours, Shell } from '../shell.ts';
import { createTrainingNoticeText } from './training-notice-text.ts';
import type { TrainingProgress, TrainingState } from './training-progress.ts';
import type { TrainingView } from './training-view.ts';
import { measureWords, placeWords, rewardWord } from './training-words.ts';

const barWidth = 30;
const percentWidth = 5;

export function createTrainingLines(shell: Shell, progress: TrainingProgress): TrainingView {
  const colour = shell.colours.stderr;
  const lines = createLiveLines(shell, [
    (width) => placeLine(progress.state(), width, colour),
    (width) => rewardLine(progress.state(), width, colour),
    (width) => measureLine(progress.state(), width),
    (width) => colour.dim(shorten(oneLine(progress.state().latest), width)),
  ]);
  const noticeText = createTrainingNoticeText(colour);
  return {
    show(event) {
      progress.apply(event);
      const notice = noticeText(event);
      if (notice !== undefined) lines.log(notice);
    },
    end: () => lines.end(),
  };
}

/** A bar, where there is room for one, and as many words as fit. */
export function placeLine(state: TrainingState, width: number, colour: Colours): string {
  const words = fitting(placeWords(state), width);
  const share = state.steps === 0 ? 0 : state.step / state.steps;
  const room = Math.min(barWidth, width - words.length - percentWidth - 1);
  return room < 8 ? words : `${drawBar(share, room, colour)} ${words}`;
}

/** The last reward, and the curve of all. */
export function rewardLine({ metrics, rewards }: TrainingState, width: number, colour: Colours): string {
  if (!metrics) return '';
  const word = rewardWord(metrics);
  return `${shorten(word, width)} ${colour.green(sparkline(rewards, width - word.length - 1))}`.trimEnd();
}

function measureLine({ metrics }: TrainingState, width: number): string {
  return metrics ? fitting(measureWords(metrics), width) : '';
}

/** The first words that fit into `width` columns. */
function fitting(words: readonly string[], width: number): string {
  const kept = [...words];
  while (kept.length > 1 && kept.join(' · ').length > width) kept.pop();
  return kept.join(' · ').slice(0, width);
}
