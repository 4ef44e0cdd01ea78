/** Runs a suite on clusters with TLS and SASL. Owns the clusters, clients and their end, and how much is known of their connections. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type ConnectionEvent, Kafka, type KafkaOptions } from '../../src/main/index.ts'
import type { CertificateAuthority } from '../../src/main/testing/certificates.ts'
import { findKafka } from '../kafka/index.ts'
import { type SecureListener, startSecureKafka } from '../kafka/secure-kafka.ts'

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
  fortress!: Fortress
  #clients: Kafka[] = []

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
  const why = via ? '' : ` (skipped: ${[...missing.values()].join('; ')})`
  describe.skipIf(via === undefined)(`${theme} on real-1${why}`, () => define(suite, () => startSecureKafka()))
}

function define(suite: (world: SecureWorld) => void, start: () => Promise<Fortress>): void {
  const world = new SecureWorld()
  beforeAll(async () => {
    world.fortress = await start()
  }, 300_000)
  afterEach(() => world.endTest())
  afterAll(() => world.fortress?.stop())
  suite(world)
}
