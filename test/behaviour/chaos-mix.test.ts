/** F13, F15, F21 all at once: a seed chooses what goes wrong where, again and again, while records are written and read. */
import { expect, it } from 'vitest'
import * as harm from '../chaos/actions.ts'
import type { ChaosProxy } from '../chaos/index.ts'
import { EAGER, onChaos, readAll } from './on-chaos.ts'

const FAULTS = 60
const PARTITIONS = 3
const APIS = ['Produce', 'Produce', 'Fetch', 'Metadata', 'ApiVersions', 'InitProducerId']

/** One trouble of the seed's choice. None of them lies in a way that cannot be found out. */
async function trouble(proxy: ChaosProxy, random: () => number): Promise<void> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const end = pick<harm.End>(['reset', 'fin', 'reset', 'fin', 'freeze'])
  const action = pick([
    () => harm.cut(Math.floor(random() * 120), end),
    () => harm.lose(end),
    () => harm.delay(Math.floor(random() * 200)),
    () => harm.slow(5_000),
    () => harm.extend(1 + Math.floor(random() * 40)),
    () => harm.shorten(1),
    () => harm.otherCorrelationId((id) => id ^ 1),
    () => harm.repeat(),
    () => harm.claimSize(pick([-1, 3, 2 ** 31 - 1])),
  ])()
  const node = pick(proxy.nodes)
  const times = 1 + Math.floor(random() * 3)
  const target = { api: pick(APIS), ...(random() < 0.5 && { node }), times }
  const dealt = random()
  if (dealt < 0.5) proxy.answers(target, action)
  else if (dealt < 0.7) proxy.requests(target, harm.cut(Math.floor(random() * 200), end))
  else if (dealt < 0.8) proxy.connections({ times }, end)
  else if (dealt < 0.95) proxy.sever(random() < 0.5 ? node : undefined, end === 'freeze' ? 'reset' : end)
  else {
    proxy.partition(node)
    await harm.sleep(Math.floor(random() * 1_200))
    proxy.heal(node)
  }
}

onChaos('all kinds of trouble', (chaos) => {
  it.each([1, 2, 3])('IP1 to IP4, IC1: seed %i: written once, in order, and read like that', async (seed) => {
    const random = harm.dice(seed)
    const topic = await chaos.world.topic(PARTITIONS)
    const kafka = chaos.client({ ...EAGER, requestTimeoutMs: 1_000, connectTimeoutMs: 1_000, pipelineBytes: 256 })
    const ledger = chaos.ledger(topic, kafka.producer())
    let over = false
    const read: string[] = []
    const reading = (async () => {
      for (let offset = 0; !over; ) {
        const batches = await kafka.fetch([{ topic, partition: 0, offset }], { maxWaitMs: 100 }).catch(() => [])
        for (const { records, nextOffset } of batches) {
          read.push(...records.map(({ value }) => String(value)))
          offset = nextOffset
        }
      }
    })()
    for (let i = 0; i < FAULTS; i++) {
      await trouble(chaos.proxy, random)
      ledger.burst(9, PARTITIONS).catch(() => {})
      await harm.sleep(Math.floor(random() * 100))
    }
    chaos.proxy.clear()
    await ledger.settle()
    over = true
    await reading
    const sent = ledger.sent.get(0)!
    expect(read).toEqual(sent.slice(0, read.length))
    expect(await readAll(kafka, topic, sent.length - read.length, 0, read.length)).toEqual(sent.slice(read.length))
  })
})
