/** A text of a chat message that need not be in memory: it may lie in a file and be read stretch by stretch. */
export interface ChatText {
  /** In UTF-16 units. */
  readonly length: number;
  /** The stretch from `start` to `end` (exclusive), in UTF-16 units; both lie within the text. */
  read(start: number, end: number): Promise<string>;
}

/** A text that is in memory. */
export function chatText(text: string): ChatText {
  return { length: text.length, read: async (start, end) => text.slice(start, end) };
}
