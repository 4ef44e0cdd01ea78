/** Prints the directory of Kafka's jars, fetched when they are not in the cache. For shell scripts. */
import { kafkaLibs } from './libs.ts'

const { jars } = await kafkaLibs((what) => process.stderr.write(`${what}\n`))
process.stdout.write(`${jars}\n`)
