import { defineConfig } from 'vitest/config'
import CountReporter from './test/behaviour/count-reporter.ts'

/** Where to leave the results as JSON, for whoever counts them. */
const results = process.env['ODRADEK_TEST_RESULTS']

/**
 * V8 loses track of code pages when threads come and go beside WebAssembly, which the test runner uses, and ends the process with
 * "Check failed: jit_page.has_value()"; without this protection it does not look (nodejs/node#64500).
 */
const STEADY = '--no-memory-protection-keys'

/** Threads start from one file each, as in the package. */
const THREADS = ['--import', new URL('./test/support/thread-files-preload.mjs', import.meta.url).href]
const MAKE_THREADS = 'test/support/thread-files.ts'

/** Two suites: parts in isolation, and behaviour through the front door on the embedded broker and on real Kafka; and the example that is a test of vitest. */
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
          include: ['test/{shared,workers,main,house,simulation,fuzz,bench}/**/*.test.ts'],
          globalSetup: [MAKE_THREADS],
          execArgv: [STEADY, ...THREADS],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'examples',
          include: ['examples/testing/fixture.test.ts'],
        },
      },
      {
        test: {
          name: 'behaviour',
          include: ['test/{behaviour,kafka,chaos}/**/*.test.ts'],
          globalSetup: [MAKE_THREADS, 'test/kafka/setup.ts'],
          maxWorkers: 3,
          execArgv: [STEADY, ...THREADS, '--import', new URL('./test/support/saboteur.mjs', import.meta.url).href],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
