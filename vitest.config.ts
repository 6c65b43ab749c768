import { configDefaults, defineConfig } from 'vitest/config';

// The limits of all tests, generous ones: a busy machine is no reason to fail. Only a test that fails waits for them.
// Where time is the behaviour, the test itself measures a ratio.
const LIMIT_MS = 600_000;
const POLL_LIMIT_MS = 120_000;

export default defineConfig({
  test: {
    // It has copies of the workshop, and below windows/ a link to the whole disk, which vitest would follow.
    exclude: [...configDefaults.exclude, '.workshop/**'],
    setupFiles: ['scripts/mongo/fixtures/no-defects.ts'],
    testTimeout: LIMIT_MS,
    hookTimeout: LIMIT_MS,
    expect: { poll: { timeout: POLL_LIMIT_MS } },
  },
});
