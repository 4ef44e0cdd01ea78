/** Seeded choices. Each part of a run has a stream of its own, so that leaving a fault out does not change what the others do. */
import { seededRandom } from '../support/sim-env.ts'

export class Chance {
  readonly random: () => number

  /** The stream depends on every part. */
  constructor(...parts: number[]) {
    let mixed = 0x9e3779b9
    for (const part of parts) mixed = Math.imul(mixed ^ part, 0x85ebca6b) ^ (mixed >>> 13)
    this.random = seededRandom(mixed)
  }

  /** A whole number from 0 up to, not including, `n`. */
  pick(n: number): number {
    return Math.floor(this.random() * n)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.pick(most - least + 1)
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.pick(list.length)]!
  }

  /** True in one of `n` cases. */
  oneIn(n: number): boolean {
    return this.random() * n < 1
  }
}
