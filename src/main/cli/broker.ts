/**
 * `odradek broker`: an embedded Kafka as a process of its own. Owns its course from the command line to the exit code: 0 ended in good
 * order, 1 it could not start or go on, 2 wrong arguments; a second signal ends it at once with 128 and the signal's number.
 */
import { existsSync, readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { KafkaError } from '../../shared/errors.ts'
import { type EmbeddedBroker, startBroker } from '../testing/index.ts'
import { BadArguments, type BrokerArguments, parseArguments, usage } from './broker/arguments.ts'

type ClientFacts = Awaited<ReturnType<EmbeddedBroker['nextClients']>>[number]
type Signal = 'SIGINT' | 'SIGTERM'

export async function run(args: string[]): Promise<number> {
  try {
    const parsed = parseArguments(args)
    if (parsed === 'help') {
      process.stdout.write(usage)
      return 0
    }
    await serve(parsed)
    return 0
  } catch (error) {
    const wrong = error instanceof BadArguments || (error instanceof KafkaError && error.code === 'INVALID_OPTION')
    const text = error instanceof Error ? error.message : String(error)
    process.stderr.write(`odradek broker: ${text}\n${wrong ? 'odradek broker --help tells what there is.\n' : ''}`)
    return wrong ? 2 : 1
  }
}

/** Resolves when a signal has ended it. */
async function serve(options: BrokerArguments): Promise<void> {
  const signals = new Signals()
  // nobody reads what it says any more: no reason to end
  process.stdout.on('error', () => {})
  const { port, host, advertise, nodes, topics, data, autoCreate: autoCreateTopics } = options
  if (advertise === undefined && (host === '0.0.0.0' || host === '::')) {
    throw new BadArguments(
      `--host ${host} stands for all addresses of this machine: say with --advertise which one clients are to use`,
    )
  }
  // records that were seeded once are in it
  const isNew = data === undefined || !existsSync(data) || readdirSync(data).length === 0
  let broker: EmbeddedBroker
  try {
    broker = await startBroker({
      port,
      host,
      nodes,
      topics,
      autoCreateTopics,
      ...(advertise !== undefined && { advertisedHost: advertise }),
      ...(data !== undefined && { dataDir: data }),
    })
  } catch (error) {
    throw listening(error)
  }
  try {
    const running = watched(broker, isNew ? options : { ...options, seed: undefined })
    await Promise.race([running, signals.first])
  } finally {
    await broker.close()
  }
}

/** Says what goes on; ends only by failing. */
async function watched(broker: EmbeddedBroker, { seed: file, autoCreate, quiet }: BrokerArguments): Promise<never> {
  let isOurs = (_client: ClientFacts): boolean => false
  let seeded = ''
  if (file !== undefined) {
    // the client is loaded for those who need it
    const { seed, SEED_CLIENT } = await import('./broker/seed.ts')
    isOurs = ({ clientId }) => clientId === SEED_CLIENT
    seeded = `, with ${(await seed(broker.brokers, file, autoCreate)).toLocaleString('en')} records of ${file}`
  }
  process.stdout.write(`Kafka is at ${broker.brokers.join(',')}${seeded}\n`)
  for (;;) {
    for (const client of await broker.nextClients()) {
      if (!quiet && !isOurs(client)) process.stdout.write(`connected: ${named(client)}\n`)
    }
  }
}

function named({ clientId, software, version, host }: ClientFacts): string {
  const words = [clientId === '' ? '(no client id)' : clientId, software, version].filter((word) => word !== '')
  return `${words.map(printable).join(' ')} from ${host}`
}

/** A terminal must not be told what to do by a client's name. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�').slice(0, 100)
}

/** What a port or an address that cannot be had means. */
function listening(error: unknown): unknown {
  if (!(error instanceof KafkaError) || error.code !== 'CONNECTION_FAILED') return error
  const [, address = ''] = /cannot listen on (\S+):\d+:/.exec(error.message) ?? []
  const [, port = ''] = /cannot listen on \S+:(\d+):/.exec(error.message) ?? []
  if (error.message.includes('EADDRINUSE')) {
    const text = `Port ${port} of ${address} is in use: another Kafka may be running there. Stop it, or choose another port, such as --port ${Number(port) + 10_000 > 65_000 ? 19_092 : Number(port) + 10_000} (--port 0 takes a free one).`
    return new Error(text, { cause: error })
  }
  if (error.message.includes('EACCES'))
    return new Error(`Port ${port} needs rights that you do not have. Choose one from 1024 on.`, { cause: error })
  const text = `${address} is not an address of this machine. Use --host 127.0.0.1, or that of one of its networks.`
  return /EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN/.test(error.message) ? new Error(text, { cause: error }) : error
}

/** The first signal ends it in good order, the second one at once. */
class Signals {
  readonly first: Promise<void>

  constructor() {
    this.first = new Promise((resolve) => {
      let told = false
      const onSignal = (signal: Signal): void => {
        if (told) process.exit(128 + constants.signals[signal])
        told = true
        resolve()
      }
      process.on('SIGINT', onSignal)
      process.on('SIGTERM', onSignal)
    })
  }
}
