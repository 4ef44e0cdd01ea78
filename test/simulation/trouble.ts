/**
 * Strikes at random moments until it is ended; then everything heals. Each run has its own kinds of faults, sometimes few and
 * sometimes all, since many kinds together keep a run from the depths that a few reach. Each strike has a stream of choices of its
 * own, so that a run can be repeated with some of them left out.
 */
import { Chance } from './chance.ts'
import type { Fault, World } from './world.ts'

const STRIKES = 1
const KINDS = 2

export interface Strike {
  number: number
  at: number
  fault: string
  text: string
}

export class Trouble {
  readonly strikes: Strike[] = []
  readonly kinds: readonly Fault[]
  readonly #world: World
  readonly #seed: number
  readonly #wanted: ((number: number) => boolean) | undefined
  readonly #chance: Chance
  /** The mean pause between two strikes. */
  readonly #pauseMs: number
  #over = false
  #number = 0

  /** `wanted` says which strikes are to happen, by number. */
  constructor(world: World, seed: number, table: readonly Fault[], wanted?: (number: number) => boolean) {
    this.#world = world
    this.#seed = seed
    this.#wanted = wanted
    this.#chance = new Chance(seed, KINDS)
    this.#pauseMs = this.#chance.oneOf([30, 100, 200, 800])
    this.kinds = this.#choose(table)
  }

  start(): void {
    this.#world.env.setTimeout(
      () => {
        if (this.#over) return
        this.#strike()
        this.start()
      },
      this.#chance.pick(2 * this.#pauseMs),
    )
  }

  end(): void {
    this.#over = true
    this.#world.cluster.desk.clear()
    this.#world.wire.clear()
  }

  #choose(table: readonly Fault[]): Fault[] {
    const most = this.#chance.oneOf([3, 8, table.length])
    const left = [...table]
    const chosen: Fault[] = []
    while (chosen.length < most && left.length > 0) chosen.push(...left.splice(this.#chance.pick(left.length), 1))
    return chosen
  }

  #strike(): void {
    const number = this.#number++
    let at = this.#chance.random() * this.kinds.reduce((sum, { weight }) => sum + weight, 0)
    const fault = this.kinds.find(({ weight }) => (at -= weight) < 0) ?? this.kinds[0]!
    if (this.#wanted && !this.#wanted(number)) return
    this.#world.chance = new Chance(this.#seed, STRIKES, number)
    const text = fault.strike(this.#world)
    if (text !== undefined) this.strikes.push({ number, at: this.#world.env.now(), fault: fault.name, text })
  }
}
