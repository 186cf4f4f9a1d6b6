import type { Colours } from '../shell.ts';

/** `share`, 0 to 1, as a bar of `room` columns, with the per cent behind it: five columns more. */
export function drawBar(share: number, room: number, colours: Colours): string {
  const full = Math.round(share * room);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${colours.cyan('█'.repeat(full))}${colours.dim('░'.repeat(room - full))}${percent}`;
}
