/** A flow on a virtual clock, the events it told of, and loops that ask it for batches as partitions do. */
import { Flow, type FlowEvents } from '../../../src/main/group/flow.ts'
import { type ConsumerGroupOptions, checkGroupOptions } from '../../../src/main/group/group-options.ts'
import { VirtualEnv } from '../../support/virtual-env.ts'

export interface Told {
  at: number
  kind: string
  event: object
}

export interface HandedOut {
  at: number
  topic: string
  partition: number
  count: number
}

export type FlowOptions = Pick<ConsumerGroupOptions, 'rateLimit' | 'adaptive' | 'pauseWhen' | 'pauseCheckMs'>

export class FlowWorld {
  readonly env: VirtualEnv
  readonly flow: Flow
  readonly told: Told[] = []
  readonly handedOut: HandedOut[] = []
  readonly end = new AbortController()

  constructor(options: FlowOptions, seed = 1) {
    this.env = new VirtualEnv(seed)
    const note = (kind: string) => (event: object) => void this.told.push({ at: this.env.now(), kind, event })
    const events: FlowEvents = {
      onLimited: note('limited'),
      onAdapted: note('adapted'),
      onGate: note('gate'),
      onGateFailed: note('failed'),
    }
    this.flow = new Flow(this.env, checkGroupOptions({ groupName: 'g', topics: ['t'], ...options }), events)
  }

  admit(topic: string, partition: number, wanted: number, signal = this.end.signal): number | Promise<number> {
    const answer = this.flow.admit(topic, partition, wanted, signal)
    const note = (count: number) => {
      this.handedOut.push({ at: this.env.now(), topic, partition, count })
      return count
    }
    return typeof answer === 'number' ? note(answer) : answer.then(note)
  }

  /** A partition that always has records: batches one after the other until the end of the world. */
  async run(topic: string, partition: number, wanted: () => number, handle: (records: number) => Promise<void>): Promise<void> {
    try {
      for (;;) {
        const count = await this.admit(topic, partition, wanted())
        const began = this.env.now()
        await handle(count)
        this.flow.handled(topic, partition, count, this.env.now() - began)
      }
    } catch (error) {
      if (!this.end.signal.aborted) throw error
    }
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.env.setTimeout(resolve, ms))
  }

  total(where: (one: HandedOut) => boolean = () => true): number {
    return this.handedOut.filter(where).reduce((sum, { count }) => sum + count, 0)
  }

  of(kind: string): Told[] {
    return this.told.filter((one) => one.kind === kind)
  }
}

/** By how much the records of any stretch of time exceed what the rate gives in it, at most. */
export function worstBurst(handedOut: readonly HandedOut[], recordsPerSecond: number): number {
  // With the level that falls by the rate and rises by each batch, the worst stretch ends where it is highest above its lowest.
  let worst = 0
  let level = 0
  let at = 0
  for (const batch of handedOut) {
    level = Math.max(0, level - ((batch.at - at) * recordsPerSecond) / 1000) + batch.count
    at = batch.at
    worst = Math.max(worst, level)
  }
  return worst
}
