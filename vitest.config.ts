import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { setupFiles: ['scripts/mongo/fixtures/no-defects.ts'] } });
