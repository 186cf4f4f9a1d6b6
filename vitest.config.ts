import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@memagent/source'] },
  ssr: { resolve: { conditions: ['@memagent/source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'examples/**/*.test.ts',
      'recipes/**/*.test.ts',
    ],
    globalSetup: ['./vitest.global-setup.ts'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
