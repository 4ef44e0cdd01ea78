/** Up to which version a node speaks each API: what the handlers know, or less, as a broker of an older release. Knows no requests. */
import { KafkaError } from '../../../shared/errors.ts'
import { type AnyHandler, maxVersionOf, minVersionOf } from './handler.ts'

/** By the key of the API; null: it is not there. */
export type VersionLimits = ReadonlyMap<number, number | null>

export class SpokenVersions {
  readonly #limits: VersionLimits

  constructor(limits: VersionLimits) {
    this.#limits = limits
  }

  has(handler: AnyHandler): boolean {
    return this.#limits.get(handler.api.key) !== null
  }

  max(handler: AnyHandler): number {
    return Math.min(maxVersionOf(handler), this.#limits.get(handler.api.key) ?? Number.POSITIVE_INFINITY)
  }

  includes(handler: AnyHandler, version: number): boolean {
    return this.has(handler) && version >= minVersionOf(handler) && version <= this.max(handler)
  }
}

/** Throws INVALID_ARGUMENT for a version that is older than what is answered. */
export function checkLimits(limits: VersionLimits, handlers: ReadonlyMap<number, AnyHandler>): void {
  for (const [key, limit] of limits) {
    const handler = handlers.get(key)
    if (handler === undefined || limit === null || limit >= minVersionOf(handler)) continue
    const { name } = handler.api
    const text = `maxVersions: ${name} cannot end at ${limit}, since the embedded broker answers ${minVersionOf(handler)} to ${maxVersionOf(handler)}`
    throw new KafkaError('INVALID_ARGUMENT', text)
  }
}
