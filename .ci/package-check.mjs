// The built package works as a user gets it: packed, unpacked beside its dependencies, used through its two entries.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'odradek-package-'))
try {
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { encoding: 'utf8' }),
  )
  const list = Array.isArray(packed) ? packed : Object.values(packed)
  const { filename, files, size } = list[0]
  const strangers = files
    .map(({ path }) => path)
    .filter((path) => !/^(dist\/|docs\/|README\.md$|LICENSE$|package\.json$)/.test(path))
  if (strangers.length > 0) throw new Error(`the package holds what it should not: ${strangers.join(', ')}`)
  execFileSync('tar', ['xzf', join(folder, filename.replace('/', '-')), '-C', folder])
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(resolve('node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name))
  }
  symlinkSync(join(folder, 'package'), join(folder, 'node_modules', 'odradek'))
  writeFileSync(
    join(folder, 'handler.mjs'),
    `export function handleRecordBatch(topic, partition, records) {
  return { moveTo: 'handled' }
}
`,
  )
  writeFileSync(
    join(folder, 'use.mjs'),
    `import { Kafka } from 'odradek'
import { startBroker } from 'odradek/testing'
await using broker = await startBroker({ topics: [{ topic: 'events' }] })
await using kafka = new Kafka({ brokers: broker.brokers })
const { topic, partition, offset } = await kafka.producer().produce({ topic: 'events', value: 'from the package' })
const [{ records }] = await kafka.fetch([{ topic, partition, offset }])
if (String(records[0].value) !== 'from the package') throw new Error('read something else')
await kafka.admin.createTopics([{ topic: 'handled', partitions: 1 }])
await using group = kafka.consumerGroup({
  groupName: 'threads',
  topics: [{ name: 'events', offsetResetPolicy: 'earliest' }],
  handler: new URL('./handler.mjs', import.meta.url),
  threads: 2,
})
await group.start()
for (;;) {
  const [{ records: handled }] = await kafka.fetch([{ topic: 'handled', partition: 0, offset: 0 }])
  if (handled.length > 0) break
}
`,
  )
  execFileSync(process.execPath, [join(folder, 'use.mjs')], { stdio: 'inherit', timeout: 60_000 })
  console.log(`the package works: ${files.length} files, ${(size / 1024).toFixed(0)} KiB packed`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
