import { defineConfig } from 'vitest/config'

/** Two suites: parts in isolation, and behaviour through the front door on the embedded broker and on real Kafka. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,workers,main,house}/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'behaviour',
          include: ['test/{behaviour,kafka}/**/*.test.ts'],
          globalSetup: ['test/kafka/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
