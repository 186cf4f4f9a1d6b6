import type { NoticeCode } from './events.ts';

/** What makes two notices the same, of which a run gives one: their code, and of warnings also their words. */
export function noticeKey(code: NoticeCode, message: string): string {
  return code === 'model-warning' ? `${code}: ${message}` : code;
}
