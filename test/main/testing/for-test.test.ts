/** T4: brokers that last as long as a test, by vitest and by node:test. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { brokerFixture, type EmbeddedBroker, startBrokerFor } from '../../../src/main/testing/index.ts'

function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(':')
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const each = test.extend<{ broker: EmbeddedBroker }>({ broker: brokerFixture({ topics: [{ topic: 'orders' }] }) })
const shared = test.extend<{ broker: EmbeddedBroker }>({ broker: [brokerFixture({ nodes: 3 }), { scope: 'file' }] })
const seen: string[][] = []

describe('T4: brokerFixture', () => {
  for (const round of [1, 2]) {
    each(`gives every test one of its own: ${round}`, async ({ broker }) => {
      expect((await broker.log('orders', 0)).highWatermark).toBe(0)
      for (const [before] of seen) expect(await isOpen(before!)).toBe(false)
      seen.push(broker.brokers)
    })
  }

  for (const round of [1, 2]) {
    shared(`or one for all of a file: ${round}`, async ({ broker }) => {
      expect(broker.brokers).toHaveLength(3)
      seen.push(broker.brokers)
    })
  }

  test('and the file is through', () => {
    expect(seen).toHaveLength(4)
    expect(seen[2]).toBe(seen[3])
  })
})

describe('T4: startBrokerFor', () => {
  test('takes its hook at once, as jest wants it, and an end that comes before the broker waits for it', async () => {
    const cleanUps: (() => Promise<void>)[] = []
    const starting = startBrokerFor((cleanUp) => cleanUps.push(cleanUp))
    expect(cleanUps.length).toBe(1)
    await cleanUps[0]!()
    const { brokers } = await starting
    expect(await isOpen(brokers[0]!)).toBe(false)
  })

  test('closes the broker when the test is over', async (context) => {
    const cleanUps: (() => Promise<void>)[] = []
    const { brokers } = await startBrokerFor((cleanUp) => cleanUps.push(cleanUp))
    await startBrokerFor(context)
    expect(await isOpen(brokers[0]!)).toBe(true)
    await cleanUps[0]!()
    expect(await isOpen(brokers[0]!)).toBe(false)
  })

  test('works with node:test', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'odradek-node-test-'))
    const entry = join(import.meta.dirname, '../../../src/main/testing/index.ts')
    const file = join(folder, 'it.mjs')
    writeFileSync(
      file,
      `import test from 'node:test'
import { createTopicFor, mark, startBrokerFor } from '${entry}'
test('a broker', async (t) => {
  const broker = await startBrokerFor(t)
  console.log(await createTopicFor(t, broker))
})
`,
    )
    const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter', 'tap', file])
    rmSync(folder, { recursive: true })
    expect(stdout).toMatch(/# a-broker-[0-9a-f-]{36}/)
    expect(stdout).toMatch(/# pass 1\n# fail 0/)
  })
})
