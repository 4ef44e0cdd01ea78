/** IX3: under an error that lasts, nobody is asked more than ten times a second, and waiting costs next to nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, expect, it } from 'vitest'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import * as harm from '../chaos/actions.ts'
import { type ChaosProxy, startChaosProxy } from '../chaos/index.ts'
import type { Rate } from '../chaos/traffic-log.ts'
import { onEmbedded } from './on-brokers.ts'

/** So many that a request for each of them would be a storm. */
const PARTITIONS = 60
const WARM_UP_MS = 3_000
const MEASURED_MS = 10_000
const MOST_PER_SECOND = 10
/** Tells a loop that spins from noise; what is aimed at is 5. */
const MOST_CPU_PERCENT = 50
const times = Number.POSITIVE_INFINITY
const NOT_LEADER_OR_FOLLOWER = 6
const LEADER_NOT_AVAILABLE = 5

/** Each node names the next one, every time under a newer epoch. */
function circle(): (node: number) => object {
  let leaderEpoch = 1_000
  return (node) => ({
    errorCode: NOT_LEADER_OR_FOLLOWER,
    currentLeader: { leaderId: (node % 3) + 1, leaderEpoch: ++leaderEpoch },
  })
}

const troubles: [what: string, set: (proxy: ChaosProxy) => unknown][] = [
  ['every connection is closed after it was accepted', (proxy) => proxy.connections({ times }, 'fin')],
  ['every answer is noise', (proxy) => proxy.answers({ times }, harm.noise(1))],
  [
    'every answer but the first ones is noise',
    (proxy) => proxy.answers({ times, when: ({ api }) => api !== 'ApiVersions' }, harm.noise(1)),
  ],
  ['ApiVersions offers nothing', (proxy) => proxy.rewrite(apiVersions, (body) => void (body.apiKeys = []), { times })],
  ['no Metadata is answered', (proxy) => proxy.answers({ api: 'Metadata', times }, harm.lose('fin'))],
  [
    'Metadata knows no leaders',
    (proxy) =>
      proxy.rewrite(
        metadata,
        (body) => body.topics.forEach((topic) => void Object.assign(topic, { errorCode: LEADER_NOT_AVAILABLE })),
        { times },
      ),
  ],
  [
    'Produce always says NOT_LEADER_OR_FOLLOWER',
    (proxy) =>
      proxy.rewrite(
        produce,
        ({ responses }) => {
          for (const { partitionResponses } of responses)
            for (const one of partitionResponses) one.errorCode = NOT_LEADER_OR_FOLLOWER
        },
        { times },
      ),
  ],
  [
    'Produce and Fetch send clients round in circles',
    (proxy) => {
      const refusal = circle()
      proxy.rewrite(
        produce,
        ({ responses }, { node }) => {
          for (const { partitionResponses } of responses) for (const one of partitionResponses) Object.assign(one, refusal(node))
        },
        { times },
      )
      proxy.rewrite(
        fetch,
        ({ responses }, { node }) => {
          for (const { partitions } of responses) for (const one of partitions) Object.assign(one, refusal(node))
        },
        { times },
      )
    },
  ],
  ['every Produce answer is lost with its connection', (proxy) => proxy.answers({ api: 'Produce', times }, harm.lose('fin'))],
  [
    'Fetch always says NOT_LEADER_OR_FOLLOWER',
    (proxy) =>
      proxy.rewrite(
        fetch,
        ({ responses }) => {
          for (const { partitions } of responses) for (const one of partitions) one.errorCode = NOT_LEADER_OR_FOLLOWER
        },
        { times },
      ),
  ],
]

interface Figures {
  cpuPercent: number
  rates: Rate[]
}

/** A client in a process of its own, with the same trouble all the time. */
async function measure(brokers: string[], topic: string, set: (proxy: ChaosProxy) => unknown): Promise<Figures> {
  await using proxy = await startChaosProxy({ brokers })
  set(proxy)
  const task = { brokers: proxy.brokers, topic, partitions: PARTITIONS, warmUpMs: WARM_UP_MS, measuredMs: MEASURED_MS }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'storm-child.ts'), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface({ input: child.stdout })
    const exit = once(child, 'exit')
    const said: string[] = []
    let from = 0
    for await (const line of lines) {
      if (line === 'measuring') from = performance.now()
      else said.push(line)
    }
    const rates = proxy.traffic.rates(from, from + MEASURED_MS)
    expect(proxy.problems).toEqual([])
    expect(await exit).toEqual([0, null])
    return { rates, cpuPercent: (JSON.parse(said[0]!) as { cpuPercent: number }).cpuPercent }
  } finally {
    child.kill()
  }
}

for (const nodes of [1, 3] as const) {
  onEmbedded('storms', nodes, (world) => {
    const figures = new Map<string, Figures>()
    beforeAll(async () => {
      const runs = troubles.map(async ([what, set]) => {
        const topic = await world.topic(PARTITIONS)
        figures.set(what, await measure(world.brokers, topic, set))
      })
      await Promise.all(runs)
      for (const [what, { cpuPercent, rates }] of figures) {
        const each = rates.map(({ node, connections, requests, perSecond, worstSecond }) =>
          `node ${node}: ${connections} + ${requests}, ${perSecond}/s, worst ${worstSecond}`.padEnd(40),
        )
        process.stdout.write(`   ${what}: CPU ${cpuPercent.toFixed(1)} %; connections + requests: ${each.join('; ')}\n`)
      }
    })

    it.each(troubles)('IX3: %s: at most ten connections and requests a second to each broker', (what) => {
      const { rates, cpuPercent } = figures.get(what)!
      expect(rates).not.toEqual([])
      for (const { perSecond } of rates) expect(perSecond).toBeLessThanOrEqual(MOST_PER_SECOND)
      expect(cpuPercent).toBeLessThan(MOST_CPU_PERCENT)
    })
  })
}
