import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/build-once.ts'],
    setupFiles: ['tests/support/seed-setup.ts'],
    reporters: ['default', './tests/support/reliability-reporter.ts', './tests/support/closing-line-reporter.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
    // Tests start the built bin and the real clients; a busy machine may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
