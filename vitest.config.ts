import { defineConfig } from 'vitest/config';

// Generous, because a busy machine is no reason to fail: where time is the behaviour, the test itself measures a ratio.
const LIMIT_MS = 120_000;

export default defineConfig({
  test: {
    setupFiles: ['scripts/mongo/fixtures/no-defects.ts'],
    testTimeout: LIMIT_MS,
    hookTimeout: LIMIT_MS,
  },
});
