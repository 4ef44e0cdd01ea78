/**
 * Nodes that are cut off: from the other nodes, so that they go on with what they knew while the others elect new leaders, or from their
 * clients. Decides when the others notice; partitions and connections know what it means for them.
 */
import type { Timer } from '../../../shared/env.ts'
import type { Broker } from './broker.ts'
import type { Cluster } from './cluster.ts'
import type { Partition } from './partition.ts'

interface Cut {
  /** The others know. */
  isFenced: boolean
  timer: Timer | undefined
  /** Requests that only the others could have decided. */
  readonly waiting: Set<() => void>
}

export class Isolation {
  readonly #cluster: Cluster
  readonly #cuts = new Map<number, Cut>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Whether the node cannot reach the others. */
  isCut(node: number): boolean {
    return this.#cuts.has(node)
  }

  /** Whether the others have given it up. */
  isFenced(node: number): boolean {
    return this.#cuts.get(node)?.isFenced === true
  }

  /** The others notice after `electionMs`. */
  cut({ id }: Broker, electionMs: number): void {
    if (this.#cuts.has(id)) return
    const cut: Cut = { isFenced: false, timer: undefined, waiting: new Set() }
    this.#cuts.set(id, cut)
    for (const partition of this.#partitions()) partition.cutOff(id)
    const fence = (): void => {
      cut.isFenced = true
      cut.timer = undefined
      for (const partition of this.#partitions()) partition.fenced(id)
    }
    if (electionMs > 0) cut.timer = this.#cluster.env.setTimeout(fence, electionMs)
    else fence()
  }

  heal(node: Broker): void {
    const cut = this.#cuts.get(node.id)
    if (cut === undefined) return
    this.#cuts.delete(node.id)
    if (cut.timer) this.#cluster.env.clearTimeout(cut.timer)
    for (const partition of this.#partitions()) {
      partition.healed(node.id)
      if (node.live) partition.nodeStarted(node.id, (id) => this.#cluster.isLive(id))
    }
    for (const wake of cut.waiting) wake()
  }

  /** Calls back when the node is among the others again. Returns how to take that back. */
  whenHealed(node: number, callback: () => void): () => void {
    const waiting = this.#cuts.get(node)?.waiting
    waiting?.add(callback)
    return () => void waiting?.delete(callback)
  }

  close(): void {
    for (const { timer } of this.#cuts.values()) if (timer) this.#cluster.env.clearTimeout(timer)
    this.#cuts.clear()
  }

  *#partitions(): Generator<Partition> {
    for (const topic of [...this.#cluster.topics.values()]) yield* topic.partitions
  }
}
