import { defineConfig } from 'vitest/config'

// @NOTE Dates in tests never depend on the machine: the zone is fixed, and pure code takes the clock as an argument.
process.env.TZ = 'UTC'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    globalSetup: 'tests/support/global-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Waits end when the condition holds; a machine that is busy for a second is no failure.
    expect: { poll: { timeout: 30_000 } },
  },
})
