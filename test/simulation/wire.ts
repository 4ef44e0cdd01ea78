/** Spoils responses on their way to the client: an ordered list of wishes, each for the next answers of some APIs. */

import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { encodeResponseFrame, readResponseHeader } from '../../src/shared/protocol/frame.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import type { Damage, Pipe } from '../support/sim-network.ts'

/** A response with what it answers. */
export interface Answer {
  readonly frame: Buffer
  readonly api: Api
  readonly version: number
  readonly correlationId: number
  /** The request's frame. */
  readonly asked: Buffer
}

export interface Wish {
  /** Left out: any. */
  readonly apiKey?: number | undefined
  times: number
  /** Undefined: this response cannot be spoiled so; the wish stays for another one. */
  spoil(answer: Answer, wire: Wire): Damage | undefined
}

const REMEMBERED_ANSWERS = 20

export class Wire {
  #wishes: Wish[] = []
  /** Answers to metadata requests, to be told again when they are old. */
  #old: Answer[] = []

  add(wish: Wish): void {
    this.#wishes.push(wish)
  }

  clear(): void {
    this.#wishes = []
  }

  /** An earlier answer to the same question. */
  earlier({ asked, frame }: Answer, pick: (n: number) => number): Answer | undefined {
    const same = this.#old.filter((old) => isSame(old.asked, asked) && !isSame(old.frame, frame))
    return same[pick(same.length)]
  }

  readonly tamper = (frame: Buffer, pipe: Pipe): Damage | undefined => {
    const correlationId = frame.readInt32BE(4)
    const asked = pipe.asked.get(correlationId)
    const api = asked && handlers.get(asked.readInt16BE(4))?.api
    if (!api) return undefined
    const answer: Answer = { frame, api, version: asked.readInt16BE(6), correlationId, asked }
    if (api === metadata) {
      this.#old.push(answer)
      if (this.#old.length > REMEMBERED_ANSWERS) this.#old.shift()
    }
    for (const wish of this.#wishes) {
      if (wish.apiKey !== undefined && wish.apiKey !== api.key) continue
      const damage = wish.spoil(answer, this)
      if (!damage) continue
      if (--wish.times === 0) this.#wishes = this.#wishes.filter((other) => other !== wish)
      return damage
    }
    return undefined
  }
}

/** The same but for size and correlation id. */
function isSame(one: Buffer, other: Buffer): boolean {
  return one.subarray(0, 8).equals(other.subarray(0, 8)) && one.subarray(12).equals(other.subarray(12))
}

/** The answer with another body. */
export function changed<Body>(answer: Answer, change: (body: Body) => void): Damage {
  const { frame, api, version, correlationId } = answer
  const reader = new Reader(frame, 4)
  readResponseHeader(reader, api, version)
  const body = api.decodeResponse(reader, version)
  change(body)
  const writer = new Writer()
  encodeResponseFrame(writer, api, version, correlationId, body)
  return { bytes: Buffer.concat(writer.chunks() as Uint8Array[]) }
}
