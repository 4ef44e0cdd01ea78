/**
 * Notices partitions that do not move although there are records and nobody holds them back on purpose: a stall is an event, never
 * silence (IX4).
 */
import type { Env, Timer } from '../../shared/env.ts'

/** What is looked at. */
export interface Watched {
  /** Tells partitions apart. */
  readonly handle: number
  /** Changes when there is progress. */
  readonly position: number
  /** There is work, and no pause, limit or failure that the user knows of. */
  readonly due: boolean
}

interface Standing {
  position: number
  since: number
  told: boolean
}

const LOOKS = 4

export class Watchdog {
  readonly #env: Env
  readonly #patienceMs: number
  readonly #look: () => Iterable<Watched>
  readonly #onStall: (handle: number, forMs: number) => void
  readonly #onMove: (handle: number, forMs: number) => void
  #standing = new Map<number, Standing>()
  #timer: Timer | undefined

  constructor(
    env: Env,
    patienceMs: number,
    look: () => Iterable<Watched>,
    onStall: (handle: number, forMs: number) => void,
    onMove: (handle: number, forMs: number) => void,
  ) {
    this.#env = env
    this.#patienceMs = patienceMs
    this.#look = look
    this.#onStall = onStall
    this.#onMove = onMove
  }

  start(): void {
    this.#timer = this.#env.setTimeout(() => {
      this.#check()
      this.start()
    }, this.#patienceMs / LOOKS)
  }

  stop(): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #check(): void {
    const now = this.#env.now()
    const seen = new Map<number, Standing>()
    for (const { handle, position, due } of this.#look()) {
      const known = this.#standing.get(handle)
      const moved = known === undefined || known.position !== position
      if (known?.told && (moved || !due)) this.#onMove(handle, now - known.since)
      const standing = moved || !due ? { position, since: now, told: false } : known
      if (!standing.told && now - standing.since >= this.#patienceMs) {
        standing.told = true
        this.#onStall(handle, now - standing.since)
      }
      seen.set(handle, standing)
    }
    this.#standing = seen
  }
}
