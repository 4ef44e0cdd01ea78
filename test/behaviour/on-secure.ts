/** Runs a suite on clusters with TLS and SASL. Owns the clusters, clients and their end, and how much is known of their connections. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type ConnectionEvent, Kafka, type KafkaOptions } from '../../src/main/index.ts'
import { CertificateAuthority, type KeyPair } from '../../src/main/testing/certificates.ts'
import { type BrokerTls, type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { findKafka } from '../kafka/index.ts'
import { type Flaw, flawed, type SecureListener, startSecureKafka, users } from '../kafka/secure-kafka.ts'

/** A client and what was told of its connections. */
export interface Watched {
  kafka: Kafka
  connections: ConnectionEvent[]
}

export interface Fortress {
  readonly authority: CertificateAuthority
  readonly stranger: CertificateAuthority
  brokers(listener: SecureListener): string[]
  stop(): Promise<void>
}

export class SecureWorld {
  readonly target: 'embedded-1' | 'real-1'
  fortress!: Fortress
  #clients: Kafka[] = []

  constructor(target: SecureWorld['target']) {
    this.target = target
  }

  get authority(): CertificateAuthority {
    return this.fortress.authority
  }

  get stranger(): CertificateAuthority {
    return this.fortress.stranger
  }

  /** Trusts the authority of the brokers. */
  get trust(): { ca: string } {
    return { ca: this.authority.cert }
  }

  /** A client of a listener that ends with the test. */
  client(listener: SecureListener, options: Partial<KafkaOptions> = {}): Watched {
    const tls = listener === 'SASL_PLAINTEXT' ? undefined : this.trust
    const kafka = new Kafka({ brokers: this.fortress.brokers(listener), ...(tls && { tls }), ...options })
    this.#clients.push(kafka)
    const connections: ConnectionEvent[] = []
    kafka.on('connection', (event) => connections.push(event))
    return { kafka, connections }
  }

  /** A new topic, made by this client. */
  async topic(kafka: Kafka, partitions = 1): Promise<string> {
    const topic = `t-${randomUUID()}`
    await kafka.admin.createTopics([{ topic, partitions }])
    return topic
  }

  async endTest(): Promise<void> {
    const clients = this.#clients
    this.#clients = []
    await Promise.all(clients.map((client) => client.close({ timeoutMs: 1_000 })))
  }
}

const { via, missing } = await findKafka()

export function onSecure(theme: string, suite: (world: SecureWorld) => void): void {
  describe(`${theme} on embedded-1`, () => define(new SecureWorld('embedded-1'), suite, startEmbedded))
  const why = via ? '' : ` (skipped: ${[...missing.values()].join('; ')})`
  describe.skipIf(via === undefined)(`${theme} on real-1${why}`, () =>
    define(new SecureWorld('real-1'), suite, () => startSecureKafka()),
  )
}

function define(world: SecureWorld, suite: (world: SecureWorld) => void, start: () => Promise<Fortress>): void {
  beforeAll(async () => {
    world.fortress = await start()
  }, 300_000)
  afterEach(() => world.endTest())
  afterAll(() => world.fortress?.stop())
  suite(world)
}

const SESSION_MS = 2_000

/** A broker for each listener, with the same certificates and users as the real one. */
async function startEmbedded(): Promise<Fortress> {
  const authority = new CertificateAuthority()
  const hosts = ['localhost', '127.0.0.1', '::1']
  const { cert: ca } = authority
  const good = authority.issue({ name: 'kafka', hosts })
  const bad = flawed(authority, hosts)
  const sasl = { users }
  const tls = (pair: KeyPair, clientAuth: 'none' | 'requested' | 'required' = 'none') => ({ ...pair, ca, clientAuth })
  const listeners = {
    SASL_SSL: { tls: tls(good), sasl },
    SASL_PLAINTEXT: { sasl },
    SASL_SHORT: { tls: tls(good), sasl: { ...sasl, connectionsMaxReauthMs: SESSION_MS } },
    SASL_QUICK: { tls: tls(good), sasl: { ...sasl, connectionsMaxReauthMs: SESSION_MS } },
    SSL: { tls: tls(good, 'requested') },
    MTLS: { tls: tls(good, 'required') },
    ...(Object.fromEntries(Object.entries(bad).map(([flaw, pair]) => [flaw, { tls: tls(pair) }])) as Record<
      Flaw,
      { tls: BrokerTls }
    >),
  } satisfies Record<SecureListener, Parameters<typeof startBroker>[0]>
  const started = new Map<string, EmbeddedBroker>()
  for (const [name, options] of Object.entries(listeners)) started.set(name, await startBroker({ host: 'localhost', ...options }))
  return {
    authority,
    stranger: new CertificateAuthority('a stranger'),
    brokers: (listener) => started.get(listener)!.brokers,
    stop: async () => void (await Promise.all(Array.from(started.values(), (broker) => broker.close()))),
  }
}
