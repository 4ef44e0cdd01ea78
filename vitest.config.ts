import { defineConfig } from 'vitest/config'
import CountReporter from './test/behaviour/count-reporter.ts'

/** Where to leave the results as JSON, for whoever counts them. */
const results = process.env['ODRADEK_TEST_RESULTS']

/** Two suites: parts in isolation, and behaviour through the front door on the embedded broker and on real Kafka. */
export default defineConfig({
  test: {
    reporters: [
      'default',
      new CountReporter(),
      ...(results ? [['json', { outputFile: results }] as ['json', { outputFile: string }]] : []),
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,workers,main,house,simulation,fuzz}/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'behaviour',
          include: ['test/{behaviour,kafka,chaos}/**/*.test.ts'],
          globalSetup: ['test/kafka/setup.ts'],
          maxWorkers: 3,
          execArgv: ['--import', new URL('./test/support/saboteur.mjs', import.meta.url).href],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
