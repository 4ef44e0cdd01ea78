/**
 * `npm run fuzz -- --frames N --seed S --only <decoder or kind> --keep`: feeds damaged frames to every decoder and tells what went
 * wrong; `--keep` puts frames that ended in a new way into the corpus, `--at I` shows frame I of the series alone.
 *
 * With `--broker` the embedded broker is sent damaged requests over sockets instead, 100 000 unless told.
 *
 * With `--security` brokers lie to clients that connect and log in, 20 000 unless told, and ten times as often in conversations without
 * sockets; `--at I` shows what visit I is to be.
 */
import { parseArgs } from 'node:util'
import { keep } from './corpus.ts'
import { Frames } from './frames.ts'
import { fuzz } from './fuzz.ts'
import { fuzzBroker } from './fuzz-broker.ts'
import { DamagedRequests } from './requests.ts'
import { plansFrom, runTalks, runVisits, WAVE } from './security/run.ts'

function whole(text: string, name: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not '${text}'`)
  process.exit(2)
}

/** Gives the exit code. */
async function runBroker(): Promise<number> {
  const started = performance.now()
  const { endings, failures, before, after, peakBytes, slowestMs } = await fuzzBroker({ frames, seed }, (done) => {
    if (done % 25_600 === 0) console.log(`${done} of ${frames} requests`)
  })
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  console.log(`${frames} requests in ${((performance.now() - started) / 1000).toFixed(0)} s, seed ${seed}`)
  console.log(
    Object.entries(endings)
      .map(([ending, count]) => `${count} ${ending}`)
      .join(', '),
  )
  console.log(`memory in use ${mib(before)} at first and ${mib(after)} in the end, the process had ${mib(peakBytes)} at most`)
  console.log(`64 requests at once took ${slowestMs.toFixed(0)} ms at most`)
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  return failures.length > 0 ? 1 : 0
}

/** Gives the exit code. */
async function runSecurity(): Promise<number> {
  const failures: string[] = []
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (thrown: unknown) => failures.push(`${event}: ${thrown instanceof Error ? thrown.stack : thrown}`))
  const started = performance.now()
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(0)
  const tell = (what: string, { count, endings, cpuMs }: Awaited<ReturnType<typeof runTalks>>): void => {
    console.log(`${count} ${what}, ${seconds()} s, seed ${seed}; ${(cpuMs / count).toFixed(2)} ms of the processor each`)
    console.log(Array.from(endings, ([ending, times]) => `${times} ${ending}`).join(', '))
  }
  await runTalks(seed, 10 * frames).then(
    (tally) => tell('conversations', tally),
    (error: Error) => failures.push(`${error.message}\n  ${error.cause}`),
  )
  const report = await runVisits(seed, frames, (done) => {
    if (done % (16 * WAVE) === 0) console.log(`${done} of ${frames} visits, ${seconds()} s`)
  })
  tell('visits', report)
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  console.log(`memory in use ${mib(report.before)} after a quarter of them and ${mib(report.after)} in the end`)
  console.log(
    `the longest took ${report.slowestMs.toFixed(0)} ms, with timeouts of 250 ms; ${report.closer} were looked at alone`,
  )
  failures.push(...report.failures)
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  return failures.length > 0 ? 1 : 0
}

const { values } = parseArgs({
  options: {
    frames: { type: 'string' },
    broker: { type: 'boolean', default: false },
    security: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    at: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const usual = values.broker ? '100000' : values.security ? '20000' : '1000000'
const frames = whole(values.frames ?? usual, 'frames')
const seed = whole(values.seed, 'seed')

if (values.broker) {
  if (values.at === undefined) process.exit(await runBroker())
  const { api, version, bytes } = new DamagedRequests(seed).at(whole(values.at, 'at'))
  console.log(`${api} version ${version}, ${bytes.length} bytes with their length\n${bytes.toString('hex')}`)
  process.exit(0)
}

if (values.security) {
  if (values.at === undefined) process.exit(await runSecurity())
  const at = whole(values.at, 'at')
  console.log(JSON.stringify(plansFrom(seed, at - (at % WAVE))[at % WAVE], null, 2))
  process.exit(0)
}

if (values.at !== undefined) {
  const { decoder, version, frame } = new Frames(seed, values.only).at(whole(values.at, 'at'))
  console.log(`${decoder.name} version ${version}, ${frame.length} bytes\n${frame.toString('hex')}`)
  console.log(decoder.run(frame, version))
  process.exit(0)
}

const started = performance.now()
let told = started
const report = await fuzz({
  frames,
  seed,
  only: values.only,
  onProgress(done) {
    const now = performance.now()
    if (now - told < 5_000) return
    told = now
    const left = ((now - started) / done) * (frames - done)
    console.log(`${done} of ${frames} frames, ${(left / 1000).toFixed(0)} s left`)
  },
})

const fresh = Object.values(report.fresh)
console.log(`${report.frames} frames in ${((performance.now() - started) / 1000).toFixed(0)} s, seed ${seed}`)
console.log(`most memory: ${(report.memory * 100).toFixed(0)} % of what a frame may take; ${report.repeated} rounds judged twice`)
console.log(`a process had ${(report.peakBytes / 2 ** 20).toFixed(0)} MiB at most`)
for (const { decoder, ms, size, index } of report.slowest) {
  console.log(`${ms.toFixed(1)} ms: ${decoder}, ${size} bytes, frame ${index}`)
}
for (const [ending, { hex }] of Object.entries(report.fresh)) console.log(`new: ${ending} (${hex.length / 2} bytes)`)
for (const { decoder, version, problem, index, hex } of report.failures) {
  console.log(`FAILED: ${decoder} version ${version} ${problem}\n  frame ${index}: ${hex.slice(0, 400)}`)
}
if (values.keep) keep(fresh)
process.exit(report.failures.length > 0 ? 1 : 0)
