/**
 * The first answer from any of several addresses. They are tried in order; the next one starts when the one before failed or has
 * been silent for a while, so that a dead first address does not cost a whole connect timeout. Knows no protocol.
 */
import { nameOf } from '../shared/address.ts'
import type { Env } from '../shared/env.ts'
import { isRefusal, KafkaError } from '../shared/errors.ts'
import type { BrokerAddress } from '../shared/io-api.ts'

/** How long an address may be silent before the next one is tried beside it. */
const SILENCE_MS = 1_000

export function firstContact<T>(
  env: Pick<Env, 'setTimeout' | 'clearTimeout'>,
  addresses: readonly BrokerAddress[],
  ask: (address: BrokerAddress) => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const errors: (KafkaError | undefined)[] = addresses.map(() => undefined)
  let started = 0
  let failed = 0
  let over = false
  let timer: ReturnType<Env['setTimeout']> | undefined
  const end = () => {
    over = true
    if (timer !== undefined) env.clearTimeout(timer)
  }
  const tryNext = () => {
    if (timer !== undefined) env.clearTimeout(timer)
    timer = undefined
    const index = started
    const address = addresses[index]
    if (over || address === undefined) return
    started++
    timer = env.setTimeout(tryNext, SILENCE_MS)
    ask(address).then(
      (answer) => {
        end()
        resolve(answer)
      },
      (error) => {
        errors[index] = KafkaError.from(error, 'the first contact')
        failed++
        // credentials that are wrong are wrong everywhere, and asking again may lock the account
        const refusal = errors[index]
        if (refusal?.code === 'AUTHENTICATION_FAILED' && isRefusal(refusal) && !over) {
          end()
          reject(refusal)
        } else if (failed === addresses.length) {
          end()
          reject(noBroker(addresses, errors))
        } else if (failed === started) tryNext()
      },
    )
  }
  if (addresses.length === 0) reject(noBroker(addresses, errors))
  tryNext()
  return promise
}

function noBroker(addresses: readonly BrokerAddress[], errors: readonly (KafkaError | undefined)[]): KafkaError {
  const [first] = errors
  // one certificate alone may be wrong; all of them are no accident
  if (first?.code === 'TLS_FAILED' && errors.every((error) => error && isRefusal(error))) return first
  const reasons = addresses.map((address, index) => `${nameOf(address)}: ${errors[index]?.message ?? 'not tried'}`)
  return new KafkaError(
    'NO_BROKER',
    `No broker could be reached. ${reasons.join(' | ')} | Check that the addresses are right, the cluster is up, and nothing between blocks them.`,
    { retriable: true, cause: new AggregateError(errors, 'one error for each address') },
  )
}
