import { isAbsolute } from 'node:path';

import { expect, test } from 'vitest';

import { defaultHome } from './home.ts';

test('the default home is an absolute path named after the program, without a suffix', () => {
  expect(isAbsolute(defaultHome())).toBe(true);
  expect(defaultHome().split(/[\\/]/)).toContain('memagent');
});
