/**
 * A cluster that somebody else runs, named by `KAFKA_BROKERS`. Owns the check that it is there and big enough; never starts, stops
 * or changes anything.
 */
import { KafkaUnavailable, type RealKafka, type StartOptions } from './cluster.ts'
import { probe } from './probe.ts'

/**
 * The addresses of `KAFKA_BROKERS` (comma-separated `host:port`). Throws KafkaUnavailable when it is not set. One that makes no sense or does
 * not answer is a plain error: who names a cluster wants that one, not whatever else is to be had.
 */
export function namedBrokers(): string[] {
  const value = process.env['KAFKA_BROKERS']?.trim()
  if (!value) throw new KafkaUnavailable('KAFKA_BROKERS is not set')
  const addresses = value.split(',').map((address) => address.trim())
  for (const address of addresses) {
    const port = Number(/:(\d{1,5})$/.exec(address)?.[1])
    if (!(port > 0 && port < 65536)) throw new TypeError(`KAFKA_BROKERS: '${address}' is not host:port`)
  }
  return addresses
}

export async function useNamedBrokers(options: StartOptions): Promise<RealKafka> {
  const brokers = namedBrokers()
  if (options.configs && Object.keys(options.configs).length > 0) {
    throw new KafkaUnavailable('KAFKA_BROKERS names a cluster that somebody else runs: it cannot be given configs')
  }
  if (options.listeners?.size || options.scramUsers?.length) {
    throw new KafkaUnavailable('KAFKA_BROKERS names a cluster that somebody else runs: it cannot be given listeners or users')
  }
  let nodes: number
  try {
    nodes = (await probe(brokers[0]!, 5000)).brokers.length
  } catch (cause) {
    throw new Error(`KAFKA_BROKERS: ${(cause as Error).message}`, { cause })
  }
  if (nodes < options.nodes)
    throw new KafkaUnavailable(`KAFKA_BROKERS: the cluster has ${nodes} nodes, ${options.nodes} are needed`)
  const refuse = (what: string) => async () => {
    throw new Error(`KAFKA_BROKERS names a cluster that somebody else runs: the harness does not ${what} its nodes`)
  }
  const nothing = async () => {}
  return {
    brokers,
    listener: (name) => {
      throw new RangeError(`there is no listener ${name}`)
    },
    via: 'brokers',
    nodes,
    version: 'unknown',
    logDirectory: undefined,
    kill: refuse('kill'),
    restart: refuse('restart'),
    process: () => undefined,
    logs: () => '',
    stop: nothing,
    [Symbol.asyncDispose]: nothing,
  }
}
