/**
 * Connects with TLS and a password, and shows how it is told that one of them is wrong. `node examples/secure.ts`: an embedded broker has
 * its own authority and a user alice.
 */
import { Kafka, KafkaError } from '../src/main/index.ts'
import { CertificateAuthority, startBroker } from '../src/main/testing/index.ts'

const sasl = { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'alice-secret' }
await using broker = await startBroker({
  tls: true,
  sasl: { mechanisms: ['SCRAM-SHA-512'], users: { [sasl.username]: sasl.password } },
})
const { brokers } = broker

await using kafka = new Kafka({
  brokers,
  // whom to trust; `tls: true` trusts the authorities that Node.js trusts
  tls: { ca: broker.ca },
  // in production from a secret store; `password` may also be a function
  sasl,
})
const topic = `secure-${Date.now()}`
await kafka.admin.createTopics([{ topic, partitions: 1 }])
await kafka.producer().produce({ topic, value: 'written and read by alice' })
const [batch] = await kafka.fetch([{ topic, partition: 0, offset: 0 }])
for (const { value } of batch!.records) console.log(String(value))

/** Both are told at once: no call waits for its timeout, and nothing is tried again by itself. */
async function codeOf(options: ConstructorParameters<typeof Kafka>[0]): Promise<string> {
  await using other = new Kafka(options)
  try {
    await other.connect()
    return 'it got in'
  } catch (error) {
    return error instanceof KafkaError ? error.code : String(error)
  }
}
console.log('a wrong password:', await codeOf({ brokers, tls: { ca: broker.ca }, sasl: { ...sasl, password: 'guess' } }))
console.log('a stranger:', await codeOf({ brokers, tls: { ca: new CertificateAuthority('somebody').cert }, sasl }))
