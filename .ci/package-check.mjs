// The built package works as a user gets it: packed, unpacked beside its dependencies, used through its two entries and its command,
// and typed for those who write TypeScript.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
  checkTypes()
  await checkCommand()
  console.log(`the package works: ${files.length} files, ${(size / 1024).toFixed(0)} KiB packed`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What a user writes is checked against the declarations in the package, by both ways of finding them. */
function checkTypes() {
  writeFileSync(
    join(folder, 'use.mts'),
    `import { type ConsumedRecord, Kafka, type KafkaError } from 'odradek'
import { brokerFixture, type EmbeddedBroker, type HandlerRun, mark, runHandler, startBroker, waitForProduced } from 'odradek/testing'
export const fixture: (context: object, use: (broker: EmbeddedBroker) => Promise<void>) => Promise<void> = brokerFixture({ nodes: 3 })
export async function use(error: KafkaError): Promise<HandlerRun> {
  const broker = await startBroker({ topics: [{ topic: 'events' }] })
  const record = await waitForProduced(await mark(new Kafka({ brokers: broker.brokers }), 'events'), { value: { code: error.code } })
  return runHandler((_topic, _partition, records: ConsumedRecord[]) => ({ skip: String(records.length) }), [record])
}
// @ts-expect-error there is no such option, so what is found are types and not any
startBroker({ node: 1 })
`,
  )
  const tsc = resolve('node_modules/typescript/bin/tsc')
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', module, '--moduleResolution', moduleResolution]
    const paths = ['--types', 'node', '--typeRoots', resolve('node_modules/@types'), 'use.mts']
    execFileSync(process.execPath, [tsc, ...options, ...paths], { cwd: folder, stdio: 'inherit' })
  }
}

/** `odradek`, as package.json names it, is a script that starts a broker and ends it when told to. */
async function checkCommand() {
  const { bin } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'))
  const file = join(folder, 'package', bin.odradek)
  if (!readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')) throw new Error(`${bin.odradek} is no script`)
  const child = spawn(process.execPath, [file, 'broker', '--port', '0', '--topic', 'events'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  })
  try {
    const [said] = await once(child.stdout, 'data')
    const brokers = /^Kafka is at (\S+)\n/.exec(String(said))[1]
    writeFileSync(
      join(folder, 'send.mjs'),
      `import { Kafka } from 'odradek'
await using kafka = new Kafka({ brokers: ['${brokers}'] })
await kafka.producer().produce({ topic: 'events', value: 'to the command' })
`,
    )
    execFileSync(process.execPath, [join(folder, 'send.mjs')], { stdio: 'inherit', timeout: 30_000 })
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const [code, signal] = await ended
    if (code !== 0) throw new Error(`odradek broker ended with ${code ?? signal}`)
  } finally {
    child.kill('SIGKILL')
  }
}
