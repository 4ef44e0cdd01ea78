import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import base from './vitest.config.ts'

/**
 * What can be tried within a minute, on the embedded broker alone: units and behaviour, with clients and brokers in the thread of their
 * test. `npm test` has the rest, and everything with threads and on real Kafka.
 */
process.env['ODRADEK_REAL'] = '0'
process.env['ODRADEK_QUICK'] = '1'
// all processes load the same modules; not where memory is measured, which differs more with it
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('./node_modules/.cache/odradek/compiled', import.meta.url))

/** Most tests wait, few compute: so many keep two processors busy, and more would only take memory. */
const WORKERS = 14

/** Long by nature: load for minutes, faults without end, sessions and timeouts that have to run out, what is timed or measured. */
const ENDURANCE = [
  'backpressure',
  'chaos-*',
  'codecs',
  'fairness',
  'group-chaos',
  'group-downstream',
  'group-processes',
  'group-scale',
  'group-threads',
  'hint-lies',
  'io-thread',
  'moving-leaders',
  'rolling-kills',
  'sessions',
  'transaction-soak',
]
/** With other programs, or real Kafka of their own. */
const REFEREES = [
  '*referees',
  'admin-tools',
  'differential',
  'group-tools',
  'isolation',
  'java',
  'scram-users',
  'secrets',
  'security',
  'transactions-clients',
  'transactions-old-way',
]

const [, , behaviour] = base.test!.projects as TestProjectInlineConfiguration[]
const files = (names: string[]) => names.map((name) => `test/behaviour/${name}.test.ts`)

export default defineConfig({
  test: {
    reporters: base.test!.reporters!,
    ...behaviour!.test,
    name: 'embedded',
    // one node, and no processes that are made to take all there is
    testNamePattern: /^(?!.* on (?:embedded-3|real-\d))(?!.*F18: a bomb)/,
    include: ['test/{shared,workers,main,house,behaviour}/**/*.test.ts'],
    exclude: [
      ...files([...ENDURANCE, ...REFEREES]),
      'test/main/cli/**',
      'test/main/examples.test.ts',
      // threads that run out of memory
      'test/main/group/thread-handler.test.ts',
      'test/main/testing/memory.test.ts',
      'test/main/testing/snippets.test.ts',
      'test/main/testing/**/*parity.test.ts',
    ],
    maxWorkers: WORKERS,
    isolate: false,
    // Node strips the types itself
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // collections are most of what the other threads of these processes do
    execArgv: [
      ...(behaviour!.test!.execArgv ?? []),
      '--min-semi-space-size=32',
      '--max-semi-space-size=64',
      '--initial-old-space-size=300',
    ],
  },
})
