/** The caller's side of the broker's clock. Knows only how to ask for it. */
import { KafkaError } from '../../shared/errors.ts'
import type { Remote } from '../../shared/rpc.ts'
import type { ControlApi } from './broker/control-api.ts'

/** The broker's clock. Only a virtual one (`startBroker({ clock: 'virtual' })`) can be moved. */
export class BrokerClock {
  readonly #remote: () => Remote<ControlApi>

  /** `remote` throws when the broker is closed. */
  constructor(remote: () => Remote<ControlApi>) {
    this.#remote = remote
  }

  /** What it shows, in milliseconds since 1970. */
  async now(): Promise<number> {
    return this.#remote().time()
  }

  /** Lets `ms` pass: all that is due meanwhile happens, in order, before it resolves with what the clock shows then. */
  async advance(ms: number): Promise<number> {
    if (!(ms >= 0)) throw new KafkaError('INVALID_ARGUMENT', `clock.advance(): ms must be 0 or more, but is ${ms}`)
    return this.#remote().advance(ms)
  }

  /** Lets time pass until the clock shows this: milliseconds since 1970, or a Date. */
  async advanceTo(time: number | Date): Promise<number> {
    const now = await this.now()
    const ms = Number(time) - now
    if (ms >= 0) return this.advance(ms)
    throw new KafkaError('INVALID_ARGUMENT', `clock.advanceTo(): ${Number(time)} is over, the clock shows ${now}`)
  }
}
