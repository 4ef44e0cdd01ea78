/** Which frame comes at which place of a series, for which decoder: the same for the same seed, whoever asks. */
import { type Decoder, decoders, type Kind, SHARES } from './decoders.ts'
import { mutant } from './mutate.ts'
import { type Random, randomOf } from './random.ts'

export interface Case {
  decoder: Decoder
  version: number
  frame: Buffer
}

export class Frames {
  readonly #seed: number
  readonly #byKind: Map<Kind, Decoder[]>
  readonly #total: number

  /** `only` is the name of a decoder or of a kind of decoders. */
  constructor(seed: number, only?: string) {
    this.#seed = seed
    const chosen = decoders.filter(({ name, kind }) => only === undefined || name === only || kind === only)
    if (chosen.length === 0)
      throw new Error(`no decoder is called ${only}; there are ${decoders.map(({ name }) => name).join(', ')}`)
    this.#byKind = Map.groupBy(chosen, ({ kind }) => kind)
    this.#total = [...this.#byKind.keys()].reduce((sum, kind) => sum + SHARES[kind], 0)
  }

  at(index: number): Case {
    const random = randomOf(this.#seed, index)
    const decoder = this.#choose(random)
    const { bytes, version } = pick(decoder.seeds, random)
    // most often from the same decoder, where the pieces may fit
    const other = pick((random(4) > 0 ? decoder : pick(decoders, random)).seeds, random).bytes
    const frame = mutant(bytes, random, other)
    decoder.mend?.(frame, random)
    return { decoder, version, frame }
  }

  #choose(random: Random): Decoder {
    let left = random(this.#total)
    for (const [kind, some] of this.#byKind) {
      left -= SHARES[kind]
      if (left < 0) return pick(some, random)
    }
    throw new Error('the shares of the kinds do not add up')
  }
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[random(all.length)]!
}
