/**
 * A client in a process where a package cannot be found: sends and reads with the codec that needs it, as a producer's or as a topic's, then sends without, and
 * prints how each ended. `node missing-codec-child.ts broker topic codec package`
 */
import { registerHooks } from 'node:module'
import { Kafka, type KafkaError } from '../../src/main/index.ts'

const [broker, topic, codec, missing] = process.argv.slice(2) as [string, string, 'snappy' | 'lz4', string]
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === missing) throw new Error(`Cannot find module '${missing}'`)
    return next(specifier, context)
  },
})

const ended = (work: Promise<unknown>) =>
  work.catch(({ code, message, outcome, context }: KafkaError) => ({ code, message, outcome, context }))

// without a thread of its own, since hooks are of one thread
const kafka = new Kafka({ brokers: [broker], ioThreads: 0 })
const sent = await ended(kafka.producer({ name: 'packed', compression: codec }).produce({ topic, value: 'no' }))
const read = await ended(kafka.fetch([{ topic, partition: 0, offset: 0 }]))
const topics = [{ name: topic, compression: codec }]
const own = await ended(kafka.producer({ name: 'own', topics }).produce({ topic, value: 'no' }))
const plain = await ended(kafka.producer().produce({ topic, value: 'yes' }))
console.log(JSON.stringify({ sent, own, read, plain }))
await kafka.close()
