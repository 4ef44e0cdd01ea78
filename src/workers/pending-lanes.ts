/** Lanes that wait for a moment: the end of a back-off or of a linger. */
import type { Lane } from './lane.ts'

export class PendingLanes {
  readonly #at = new Map<Lane, number>()
  #earliest = Number.POSITIVE_INFINITY

  /** Keeps the earlier of two moments for the same lane. */
  add(lane: Lane, at: number): void {
    const known = this.#at.get(lane)
    if (known !== undefined && known <= at) return
    this.#at.set(lane, at)
    if (at < this.#earliest) this.#earliest = at
  }

  /** The lanes whose moment has come; they are forgotten here. */
  due(now: number): Lane[] {
    if (now < this.#earliest) return []
    const due: Lane[] = []
    this.#earliest = Number.POSITIVE_INFINITY
    for (const [lane, at] of this.#at) {
      if (at <= now) {
        due.push(lane)
        this.#at.delete(lane)
      } else if (at < this.#earliest) this.#earliest = at
    }
    return due
  }
}
