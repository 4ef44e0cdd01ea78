/** All lines of credits of an I/O core, by broker and fetcher. Owns when one begins and when it ends, and its connection with it. */
import type { Credit } from './credit.ts'
import { FetchLine } from './fetch-line.ts'
import type { IoContext } from './io-context.ts'
import type { Partition } from './partition.ts'

/** What had nothing to ask for so long ends; by then brokers may have given up its session too. */
export const IDLE_MS = 120_000

export class FetchLines {
  readonly #io: Pick<IoContext, 'env' | 'brokers' | 'wakeAt'>
  readonly #lines = new Map<number, FetchLine>()
  /** When one may have been idle for too long. */
  #idleAt = Number.POSITIVE_INFINITY

  constructor(io: Pick<IoContext, 'env' | 'brokers' | 'wakeAt'>) {
    this.#io = io
  }

  [Symbol.iterator](): Iterator<FetchLine> {
    return this.#lines.values()
  }

  of(nodeId: number, fetcher: number): FetchLine | undefined {
    return this.#lines.get(keyOf(nodeId, fetcher))
  }

  add(nodeId: number, credit: Credit, now: number): void {
    const key = keyOf(nodeId, credit.fetcher)
    let line = this.#lines.get(key)
    if (!line) {
      this.#lines.set(key, (line = new FetchLine(nodeId, credit, now)))
      if (this.#idleAt === Number.POSITIVE_INFINITY) this.#lookAgainAt(now + IDLE_MS)
    }
    line.add(credit)
  }

  /** False when it stands in no line. */
  remove(credit: Credit): boolean {
    for (const line of this.#lines.values()) if (line.remove(credit)) return true
    return false
  }

  /** The partition's credits, out of whichever lines they stand in. */
  takeOut(partition: Partition): Credit[] {
    const taken: Credit[] = []
    const stays = (credit: Credit): boolean => credit.partition !== partition || !taken.push(credit)
    for (const line of this.#lines.values()) {
      line.waiting = line.waiting.filter(stays)
      line.forget(partition)
    }
    return taken
  }

  /** Ends what has not been used for a while. */
  endIdle(now: number): void {
    if (now < this.#idleAt) return
    let next = Number.POSITIVE_INFINITY
    for (const [key, line] of this.#lines) {
      const idleAt = line.busy ? now + IDLE_MS : line.usedAt + IDLE_MS
      if (now < idleAt) {
        next = Math.min(next, idleAt)
        continue
      }
      this.#lines.delete(key)
      this.#io.brokers.get(line.nodeId)?.endFetchLink(line.fetcher)
    }
    this.#lookAgainAt(next)
  }

  #lookAgainAt(at: number): void {
    this.#idleAt = at
    if (at < Number.POSITIVE_INFINITY) this.#io.wakeAt(at)
  }
}

/** Node ids take 31 bits; no client has a million fetchers. */
function keyOf(nodeId: number, fetcher: number): number {
  return nodeId * 2 ** 20 + fetcher
}
