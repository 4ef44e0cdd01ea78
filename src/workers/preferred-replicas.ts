/**
 * Which replica each partition is read from: its leader, unless that names one that is nearer (KIP-392,
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-392%3A+Allow+consumers+to+fetch+from+closest+replica). Knows no request.
 */
import type { Partition } from './partition.ts'

/**
 * After a failure the leader itself is read for so long: it goes on naming a replica that is down until the cluster has noticed, which
 * takes up to nine seconds by default.
 */
const LEADER_ONLY_MS = 10_000

interface Choice {
  nodeId: number
  /** Then the leader is asked again, which may know a better one. */
  until: number
}

export class PreferredReplicas {
  readonly #maxAgeMs: number
  /** By handle. */
  readonly #chosen = new Map<number, Choice>()
  /** By handle, until when the leader is read whatever it says. */
  readonly #leaderOnly = new Map<number, number>()

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs
  }

  /** The node to ask. */
  sourceOf({ handle, leader }: Partition, now: number, brokers: ReadonlyMap<number, unknown>): number {
    const choice = this.#chosen.size > 0 ? this.#chosen.get(handle) : undefined
    if (!choice) return leader
    if (now < choice.until && brokers.has(choice.nodeId)) return choice.nodeId
    this.#chosen.delete(handle)
    return leader
  }

  /** The leader says who is nearer. */
  named({ handle }: Partition, nodeId: number, now: number): void {
    this.#chosen.set(handle, { nodeId, until: now + this.#maxAgeMs })
  }

  /** The replica did not do; false when the partition is not read from this node. */
  failed({ handle }: Partition, nodeId: number, now: number): boolean {
    if (this.#chosen.get(handle)?.nodeId !== nodeId) return false
    this.#chosen.delete(handle)
    this.#leaderOnly.set(handle, now + LEADER_ONLY_MS)
    return true
  }

  /** Whether the leader must not name another one now. */
  wantsLeader({ handle }: Partition, now: number): boolean {
    if (this.#leaderOnly.size === 0) return false
    const until = this.#leaderOnly.get(handle)
    if (until === undefined) return false
    if (now < until) return true
    this.#leaderOnly.delete(handle)
    return false
  }

  /** The partition has another leader, or is no more. */
  forget({ handle }: Partition): void {
    this.#chosen.delete(handle)
    this.#leaderOnly.delete(handle)
  }
}
