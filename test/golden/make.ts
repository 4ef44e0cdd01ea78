/**
 * Makes the golden data anew from Kafka's own classes: `node test/golden/make.ts [protocol] [murmur2] [record-batches]`, all of
 * them when none is named. Needs a JDK, and Maven when Kafka's jars are not in the cache.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { findJava } from '../kafka/java.ts'
import { kafkaLibs } from '../kafka/libs.ts'

const makers = new Map([
  ['protocol', { program: 'ProtocolMessages.java', file: 'protocol.jsonl.gz' }],
  ['murmur2', { program: 'Murmur2Vectors.java', file: 'murmur2.json' }],
  ['record-batches', { program: 'RecordBatches.java', file: 'record-batches.json' }],
])

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...makers.keys()]
const { jars } = await kafkaLibs((what) => console.error(what))
for (const name of wanted) {
  const maker = makers.get(name)
  if (!maker) throw new Error(`nothing is called ${name}; there are ${[...makers.keys()].join(', ')}`)
  const args = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=off', '-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8']
  const program = join(import.meta.dirname, 'java', maker.program)
  const printed = execFileSync(findJava().command, [...args, '-cp', join(jars, '*'), program], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const data = maker.file.endsWith('.gz') ? gzipSync(printed, { level: 9 }) : printed
  writeFileSync(join(import.meta.dirname, maker.file), data)
  console.log(`${maker.file}: ${data.length} bytes`)
}
