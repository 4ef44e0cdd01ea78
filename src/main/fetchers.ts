/**
 * Names of fetchers become numbers: what has the same number travels in the same Fetch requests, and nothing else does. A request has
 * one isolation level, so a name stands for two numbers. Knows no partition.
 */
import type { IsolationLevel } from '../shared/types.ts'

/** The fetcher of direct reads, which has no name. */
export const DIRECT_FETCHER = undefined

export class Fetchers {
  readonly #levels: IsolationLevel[] = []
  readonly #numbers: Record<IsolationLevel, Map<string | undefined, number>> = {
    read_uncommitted: new Map(),
    read_committed: new Map(),
  }

  constructor() {
    // number 0
    this.number(DIRECT_FETCHER, 'read_uncommitted')
  }

  /** The same number for the same name and level, for the whole life of the client. */
  number(name: string | undefined, level: IsolationLevel): number {
    const numbers = this.#numbers[level]
    const known = numbers.get(name)
    if (known !== undefined) return known
    const number = this.#levels.push(level) - 1
    numbers.set(name, number)
    return number
  }

  isolationLevel(fetcher: number): IsolationLevel {
    return this.#levels[fetcher]!
  }
}
