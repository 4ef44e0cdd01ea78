/** How helpers reach a cluster, embedded or real: by a client that is there, or one that lasts as long as the call. */
import type { Kafka, KafkaOptions } from '../index.ts'

/** A client; or what one is made with, as `{ brokers }`, which an embedded broker is too. */
export type ClusterAccess = Kafka | KafkaOptions | { readonly brokers: readonly string[] }

/** Only broken down where nothing was opened before. */
export async function withClient<T>(access: ClusterAccess, use: (kafka: Kafka) => Promise<T>): Promise<T> {
  // loaded by those who use a helper: a broker alone needs no client
  const { Kafka } = await import('../index.ts')
  if (access instanceof Kafka) return use(access)
  const options = isEmbedded(access) ? { brokers: access.brokers } : access
  const kafka = new Kafka({ ioThreads: 0, clientId: 'odradek-testing', ...options } as KafkaOptions)
  try {
    return await use(kafka)
  } finally {
    await kafka.close()
  }
}

/** Options have no methods. */
function isEmbedded(access: object): boolean {
  return 'requests' in access
}
