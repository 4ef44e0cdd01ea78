import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import base from './vitest.config.ts'

/**
 * What can be tried within a minute, on the embedded broker alone: units and behaviour, with clients and brokers in the thread of their
 * test. `npm test` has the rest, and everything with threads and on real Kafka.
 */
process.env['ODRADEK_REAL'] = '0'
process.env['ODRADEK_QUICK'] = '1'

/** Most tests wait. */
const WORKERS = 9

/** Long by nature: load for minutes, faults without end, sessions and timeouts that have to run out, processes and threads that die. */
const ENDURANCE = [
  'backpressure',
  'bounds',
  'chaos-*',
  'clock',
  'close',
  'codecs',
  'differential',
  'fairness',
  'faults',
  'group-blocked',
  'group-bounces',
  'group-chaos',
  'group-downstream',
  'group-ends',
  'group-fenced',
  'group-overruns',
  'group-processes',
  'group-scale',
  'group-threads',
  'hint-lies',
  'io-thread',
  'isolation',
  'log-keeping',
  'moving-leaders',
  'rolling-kills',
  'sessions',
  'threads',
  'throttle',
  'transaction-soak',
]
/** With other programs, or real Kafka of their own. */
const REFEREES = [
  '*referees',
  'admin-tools',
  'group-tools',
  'java',
  'scram-users',
  'secrets',
  'security',
  'transactions-clients',
  'transactions-old-way',
]

const [unit, , behaviour] = base.test!.projects as TestProjectInlineConfiguration[]
const files = (names: string[]) => names.map((name) => `test/behaviour/${name}.test.ts`)

export default defineConfig({
  test: {
    ...base.test,
    // one node, and no processes that are made to take all there is
    testNamePattern: /^(?!.* on (?:embedded-3|real-\d))(?!.*F18: a bomb)/,
    projects: [
      {
        test: {
          ...unit!.test,
          maxWorkers: WORKERS,
          isolate: false,
          exclude: [
            'test/{simulation,fuzz,bench}/**',
            'test/main/cli/**',
            'test/main/examples.test.ts',
            'test/main/testing/memory.test.ts',
            'test/main/testing/snippets.test.ts',
            'test/main/group/thread-handler.test.ts',
            'test/main/testing/**/*parity.test.ts',
          ],
        },
      },
      {
        test: {
          ...behaviour!.test,
          include: ['test/behaviour/*.test.ts'],
          exclude: files([...ENDURANCE, ...REFEREES]),
          maxWorkers: WORKERS,
          isolate: false,
        },
      },
    ],
  },
})
