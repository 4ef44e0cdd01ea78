/** E8: the examples run as they are, on an embedded broker of their own, and the guides quote them. */
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** What each one prints, without the names that it makes up. */
const prints = new Map<string, (string | RegExp)[]>([
  ['backpressure.ts', ['produceAsync: paused and went on', 'tryProduce: dropped some', 'produce: 0 bytes left in the buffer']],
  ['batch.ts', ['batch: 1000 written, 0 failed', 'callbacks: 100000 written']],
  ['consume.ts', [/^0\/0: a\n0\/1: b\n0\/2: c\n1 position committed\n$/]],
  [
    'consumer-group.ts',
    [
      'billed order 1, attempt 1\nbilled order 4, attempt 3\nbilled order 5, attempt 3\n',
      '1 skipped, 1 moved, 4 deliveries repeated\nmoved: {"id":3\n',
      / {2}odradek\.from\.offset: 2\n.*\n {2}odradek\.moved-by\.group: billing-\d+\n {2}odradek\.attempts: 1\n$/,
    ],
  ],
  ['fetch.ts', [/^([01]\/\d+: [\w ]+\n){10}$/]],
  ['gate.ts', [/^gate closed\n/, /120 clicks written, at most \d+ queries/, 'the gate held batches back']],
  ['handlers.ts', ['on the main thread: 300 done, 30 of them moved\nin threads: 300 done\npulled: 300\n']],
  [
    'named-producers.ts',
    [
      'acks 0 knows no offset: -1',
      'the same: true',
      "producer 'bulk' exists and is asked for with",
      'lingerMs 50 where it has 20',
    ],
  ],
  [
    'outcomes.ts',
    [
      'written at 1\nnot written: UNKNOWN_TOPIC\nnot written: RECORD_TOO_LARGE\npossibly written: DELIVERY_TIMEOUT\n',
      '0: written\n1: UNKNOWN_PARTITION, not-written\n2: UNKNOWN_TOPIC, not-written\n',
    ],
  ],
  ['partitioning.ts', ['one key: one partition', 'no key: 6 partitions', 'named: 5; by the function: 2']],
  ['produce.ts', [/^written to greetings-\d+-[012] at offset 0\n$/]],
  ['pull.ts', ['for await: 100 records, sum 4950\npull: 120 records, sum 5140\nreadable: 160 records, sum 5920\n']],
  ['secure.ts', ['written and read by alice\na wrong password: AUTHENTICATION_FAILED\na stranger: TLS_FAILED\n']],
  ['threads.ts', ['80 images by 2 threads\none of them had 2 partitions\none of them had 2 partitions\n', 'was held up for']],
  ['throughput.ts', [/^(ticks-[0-3] .+\n){4}200000 records, lag 0, p99 of a batch [\d.]+ ms\nat most \d+ MiB fetched ahead\n$/]],
  [
    'transactions.ts',
    [
      '2 orders: order 1,order 2; audit: two orders\nout of stock: 2 orders\ntimed-out, to be run again: true\n',
      /the printer jams\ninvoices: invoice for order 1,invoice for order 2\naudit: two orders,printed order 1,printed order 2\n$/,
    ],
  ],
])
const examples = globSync('*.ts', { cwd: join(root, 'examples') }).toSorted()

describe('E8: examples', () => {
  it('are all known here', () => {
    expect(examples).toEqual([...prints.keys()])
  })

  it.each(examples)('%s does what it says', { timeout: 120_000 }, async (name) => {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'examples', name)])
    for (const part of prints.get(name)!) expect(stdout).toMatch(part)
    expect(stderr).toBe('')
  })
})

/** Tests as examples; each runner says how many passed. */
describe('E8: examples of tests', () => {
  it.each([
    ['consumer.test.ts', 4],
    ['failure.test.ts', 4],
    ['producer.test.ts', 2],
  ])('%s passes with node:test', { timeout: 120_000 }, async (name, count) => {
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', join(root, 'examples/testing', name)])
    expect(stdout).toMatch(`# pass ${count}\n# fail 0\n`)
  })

  it('are all known here', () => {
    // fixture.test.ts is one of vitest's own, the project 'examples'
    expect(globSync('*.test.ts', { cwd: join(root, 'examples/testing') })).toHaveLength(4)
  })
})

describe.each([
  ['docs/producing.md', 9],
  ['docs/handlers.md', 4],
  ['docs/consuming.md', 5],
  ['docs/testing-your-code.md', 8],
  ['docs/transactions.md', 4],
])('E8: %s', (guide, quoted) => {
  const text = readFileSync(join(root, guide), 'utf8')
  /** Without indentation, as a quotation of a part begins at the margin. */
  const flat = (code: string) => code.trim().replaceAll(/^ +/gm, '')
  const sources = globSync('**/*.ts', { cwd: join(root, 'examples') }).map((name) =>
    flat(readFileSync(join(root, 'examples', name), 'utf8')),
  )
  const quotations = Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code!)

  it('quotes the examples', () => {
    expect(quotations.length).toBeGreaterThanOrEqual(quoted)
    expect(quotations.filter((code) => !sources.some((source) => source.includes(flat(code))))).toEqual([])
  })

  it('links to what is there', () => {
    const links = Array.from(text.matchAll(/\]\(([^)#]+)\)/g), ([, path]) => join('docs', path!))
    expect(links.length).toBeGreaterThanOrEqual(3)
    expect(links.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([])
  })
})
