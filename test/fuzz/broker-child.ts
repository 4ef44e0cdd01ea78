/**
 * The process in which an embedded broker is sent damaged requests over real sockets, in rounds. Each round has a cluster of its own on a
 * virtual clock, so that whatever waits for time comes to its end; after it nothing may be left in memory.
 */
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { seeded, VirtualClock } from '../../src/main/testing/broker/virtual-clock.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { type Ending, Lane } from './broker-lane.ts'
import { DamagedRequests } from './requests.ts'

export interface BrokerShare {
  frames: number
  seed: number
}

export interface BrokerReport {
  frames: number
  endings: Record<Ending, number>
  /** Requests of each API. */
  counts: Record<string, number>
  failures: string[]
  /** Memory that was in use after the second round and after the last one. */
  before: number
  after: number
  peakBytes: number
  /** The longest that a wave of requests took, without the time that waits are given. */
  slowestMs: number
}

export type BrokerMessage = { done: number } | { report: BrokerReport }

const LANES = 64
const ROUND = 20 * LANES
/** Longer than any timeout that a request can name. */
const AGE_MS = 2 ** 32
/** With nothing coming for so long, what is open waits for time to pass. */
const QUIET_MS = 4
const HANG_MS = 20_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

class Round {
  readonly #requests: DamagedRequests
  readonly #report: BrokerReport
  readonly #clock = new VirtualClock(nodeEnv(), 1_700_000_000_000)
  readonly #cluster: Cluster
  #first = 0

  constructor(requests: DamagedRequests, report: BrokerReport, seed: number) {
    this.#requests = requests
    this.#report = report
    const topics = [{ topic: 't' }, { topic: 'u' }]
    this.#cluster = new Cluster(seeded(this.#clock.env(), seed), {
      ...clusterOptions({ topics, recordedRequests: 100 }),
      onBug: (error) => this.#fail(`threw ${error instanceof Error ? error.stack : error}`),
    })
  }

  async run(first: number, end: number): Promise<void> {
    await this.#cluster.start()
    const port = this.#cluster.nodes[0]!.port
    const lanes = Array.from({ length: LANES }, () => new Lane(port))
    for (this.#first = first; this.#first < end; this.#first += LANES) {
      this.#populate()
      await this.#wave(lanes.slice(0, end - this.#first))
    }
    for (const lane of lanes) lane.end()
    this.#report.peakBytes = Math.max(this.#report.peakBytes, process.memoryUsage().rss)
    this.#cluster.close()
    await pause(5)
  }

  /** A group with a member for damaged requests to hit. */
  #populate(): void {
    const { coordinator } = this.#cluster
    const none = { instanceId: null, rackId: null, subscribedTopicRegex: null, serverAssignor: null }
    const member = { groupId: 'g', memberId: 'm', memberEpoch: 0, rebalanceTimeoutMs: 9000, subscribedTopicNames: ['t', 'u'] }
    coordinator.findPartition('g')
    try {
      coordinator.membership.heartbeat(
        { ...none, ...member, topicPartitions: [] },
        { version: 1, clientId: 'x', clientHost: '/fuzz' },
      )
    } catch {
      // somebody has made it a group of another kind
    }
  }

  async #wave(lanes: readonly Lane[]): Promise<void> {
    const started = performance.now()
    let settled = 0
    const all = lanes.map(async (lane, i) => {
      const { api, bytes } = this.#requests.at(this.#first + i)
      const ending = await lane.send(bytes)
      settled++
      this.#report.endings[ending]++
      this.#report.counts[api] = (this.#report.counts[api] ?? 0) + 1
      this.#report.frames++
      const apiKey = bytes.length >= 6 ? bytes.readInt16BE(4) : -1
      if (ending === 'unanswered' && apiKey !== 0) this.#fail(`${api} was not answered, frame ${this.#first + i}`)
    })
    for (let before = -1; settled < lanes.length && settled !== before; ) {
      before = settled
      await pause(QUIET_MS)
    }
    this.#report.slowestMs = Math.max(this.#report.slowestMs, performance.now() - started)
    const deadline = performance.now() + HANG_MS
    for (; settled < lanes.length && performance.now() < deadline; await pause(1)) await this.#clock.advance(AGE_MS)
    for (const [i, lane] of lanes.entries()) {
      if (!lane.isOpen) continue
      this.#fail(`frame ${this.#first + i} hangs`)
      lane.end()
    }
    if (settled === lanes.length) await Promise.all(all)
  }

  #fail(what: string): void {
    if (this.#report.failures.length < 50) this.#report.failures.push(`frames from ${this.#first} on: ${what}`)
  }
}

async function used(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await pause(5)
    globalThis.gc!()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function run({ frames, seed }: BrokerShare): Promise<void> {
  const endings = { answered: 0, closed: 0, unfinished: 0, unanswered: 0 }
  const nothing = { frames: 0, before: 0, after: 0, peakBytes: 0, slowestMs: 0 }
  const report: BrokerReport = { ...nothing, endings, counts: {}, failures: [] }
  const requests = new DamagedRequests(seed)
  let rounds = 0
  for (let first = 0; first < frames; first += ROUND) {
    await new Round(requests, report, seed).run(first, Math.min(first + ROUND, frames))
    report.after = await used()
    if (++rounds <= 2) report.before = report.after
    process.send!({ done: report.frames } satisfies BrokerMessage)
  }
  process.send!({ report } satisfies BrokerMessage, () => process.disconnect())
}

// whoever asked is gone
process.once('disconnect', () => process.exit())
process.once('message', (share: BrokerShare) => void run(share))
