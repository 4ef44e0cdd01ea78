/** Events of the same kind at most once a second. What comes in between is told when the second is over, only the last of it. */
import type { Env, Timer } from '../../shared/env.ts'

const PACE_MS = 1_000

interface Kind {
  toldAt: number
  timer: Timer | undefined
  last: (() => void) | undefined
}

export class PacedEvents {
  readonly #env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>
  readonly #kinds = new Map<string, Kind>()

  constructor(env: Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>) {
    this.#env = env
  }

  /** `tell` is called now or later, or never when another one of its kind came behind it. */
  tell(name: string, tell: () => void): void {
    let kind = this.#kinds.get(name)
    if (!kind) this.#kinds.set(name, (kind = { toldAt: Number.NEGATIVE_INFINITY, timer: undefined, last: undefined }))
    const due = kind.toldAt + PACE_MS - this.#env.now()
    if (due <= 0 && kind.timer === undefined) {
      kind.toldAt = this.#env.now()
      tell()
      return
    }
    kind.last = tell
    const waiting = kind
    kind.timer ??= this.#env.setTimeout(
      () => {
        waiting.timer = undefined
        waiting.toldAt = this.#env.now()
        waiting.last?.()
      },
      Math.max(0, due),
    )
  }

  close(): void {
    for (const { timer } of this.#kinds.values()) if (timer !== undefined) this.#env.clearTimeout(timer)
    this.#kinds.clear()
  }
}
