import { describe, expect, it } from 'vitest';
import { MemagentError } from '../errors.ts';
import { unreadable } from './source-error.ts';

describe('unreadable', () => {
  it.each([
    ['ENOENT', 'Check the path'],
    ['EACCES', 'chmod u+r'],
    ['ENOSPC', 'Make room'],
    ['EISDIR', 'Give it as { directory: path }'],
    ['ENAMETOOLONG', 'give it as { text }'],
    ['EIO', 'disk on fire'],
  ])('says what to do about %s', (code, message) => {
    const error = unreadable('/a/path', Object.assign(new Error('disk on fire'), { code }));
    expect(error).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringMatching(/^Cannot read \/a\/path: .*\.$/),
      data: { source: '/a/path' },
    });
    expect(error.message).toContain(message);
  });

  it('leaves an error that says so already as it is', () => {
    const error = new MemagentError('known', { code: 'source-empty' });
    expect(unreadable('a', error)).toBe(error);
  });
});
