/** Single requests on behalf of main: metadata, admin, producer ids. Chooses the broker; what to do about a failure is the caller's. */
import { KafkaError, type KafkaErrorCode } from '../shared/errors.ts'
import type { CallOptions, CallResult, CallTarget } from '../shared/io-api.ts'
import type { Api } from '../shared/protocol/api.ts'
import { apiCode } from '../shared/protocol/registry.ts'
import type { BrokerNode } from './broker.ts'
import type { IoContext } from './io-context.ts'
import type { Link } from './link.ts'

/** What one broker does not speak another one may, and each has a certificate of its own. */
const OF_ONE_BROKER: ReadonlySet<KafkaErrorCode> = new Set(['UNSUPPORTED', 'TLS_FAILED', 'HOST_NOT_ALLOWED'])

interface Asked {
  api: Api
  body: unknown
  deadline: number
  minVersion?: number
  maxVersion?: number
}

export class Calls {
  readonly #io: IoContext

  constructor(io: IoContext) {
    this.#io = io
  }

  async call(target: CallTarget, apiKey: number, body: unknown, options: CallOptions = {}): Promise<CallResult> {
    const code = apiCode(apiKey)
    if (!code) throw new KafkaError('UNSUPPORTED', `There is no Kafka API with key ${apiKey}.`)
    const api = code instanceof Promise ? await code : code
    const { timeoutMs = this.#io.options.requestTimeoutMs, link = 'control', minVersion, maxVersion } = options
    const deadline = this.#io.env.now() + timeoutMs
    const bounds = { ...(minVersion !== undefined && { minVersion }), ...(maxVersion !== undefined && { maxVersion }) }
    const asked = { api, body, deadline, ...bounds }
    if (target !== 'any') {
      const broker = this.#io.brokers.get(target)
      if (!broker)
        throw new KafkaError('NO_BROKER', `Broker ${target} is not part of the cluster now.`, { api: api.name, retriable: true })
      return this.#ask(broker, broker.linkFor(link), asked)
    }
    let failure: KafkaError | undefined
    for (const broker of this.#candidates()) {
      try {
        return await this.#ask(broker, broker.linkFor(link), asked)
      } catch (thrown) {
        const error = KafkaError.from(thrown, api.name)
        // only when no broker will do is that the answer
        if (!OF_ONE_BROKER.has(error.code)) failure = error
        else failure ??= error
        const hopeless = !error.retriable && !OF_ONE_BROKER.has(error.code)
        if (hopeless || this.#io.env.now() >= deadline) throw failure
      }
    }
    throw failure ?? new KafkaError('NO_BROKER', 'No broker is known.', { api: api.name, retriable: true })
  }

  /**
   * Those that may be expected to answer soonest, in front. A connection on which a broker owes an answer holds up what is sent after
   * it, so it comes last; another one to the same address may work, since a broker also owes answers while it waits for replicas.
   */
  #candidates(): BrokerNode[] {
    const { brokers, env } = this.#io
    const now = env.now()
    const silent = new Set<string>()
    for (const broker of brokers.values()) if (broker.silent) silent.add(broker.address)
    const ranked = Array.from(brokers.values(), (broker) => ({
      broker,
      rank: rankOf(broker.control, silent.has(broker.address), now),
      wait: Math.max(0, broker.control.notBefore - now, broker.control.mutedUntil - now),
      dice: env.random(),
    }))
    ranked.sort((a, b) => a.rank - b.rank || a.wait - b.wait || a.broker.inFlight - b.broker.inFlight || a.dice - b.dice)
    return ranked.map(({ broker }) => broker)
  }

  async #ask(broker: BrokerNode, link: Link, { api, body, deadline, minVersion, maxVersion }: Asked): Promise<CallResult> {
    await this.#readyBy(broker, link, api, deadline)
    return new Promise((resolve, reject) => {
      link.request(api, body as object, {
        timeoutMs: Math.max(1, deadline - this.#io.env.now()),
        ...(minVersion !== undefined && { minVersion }),
        ...(maxVersion !== undefined && { maxVersion }),
        onResponse: (response, version) => {
          resolve({ version, body: response, nodeId: broker.nodeId, broker: broker.address })
          return false
        },
        onFailure: (error) => reject(error),
      })
      this.#io.wake()
    })
  }

  #readyBy(broker: BrokerNode, link: Link, api: Api, deadline: number): Promise<void> {
    const { env } = this.#io
    return new Promise((resolve, reject) => {
      const timer = env.setTimeout(
        () => {
          const muted = link.ready && link.mutedUntil > env.now()
          const why = muted ? 'It holds this client back by a quota (KIP-219).' : 'Is it up?'
          const text = `${broker.address} could not be reached in time for ${api.name}. ${why}`
          reject(new KafkaError('TIMEOUT', text, { broker: broker.address, api: api.name, retriable: true }))
        },
        Math.max(0, deadline - env.now()),
      )
      link
        .whenReady()
        .then(resolve, reject)
        .finally(() => env.clearTimeout(timer))
    })
  }
}

function rankOf({ ready, silent, mutedUntil }: Link, silentElsewhere: boolean, now: number): number {
  if (silent) return 3
  if (!ready || mutedUntil > now) return 2
  return silentElsewhere ? 1 : 0
}
