/**
 * `npm run kafka`: a real Kafka for work by hand. Owns the command line and the state file through which `stop` and `status` find what
 * `start` left running; how a Kafka is started is `index.ts`.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cacheDirectory, isAlive } from './cache.ts'
import { findKafka, type StartOptions, startKafka, type Via } from './index.ts'
import { tail } from './java.ts'
import { probe } from './probe.ts'

const usage = `Usage: npm run kafka -- <command> [options]

  start   start a cluster, leave it running, print its addresses
  run     the same in the foreground, until Ctrl-C
  stop    stop the cluster of \`start\` or \`run\` and remove its data
  status  what runs, or what this machine could run

Options of start and run:
  --nodes <1|3>             default 1
  --via <docker|maven>      default: the first that this machine has
  --performance             default JIT and a 1 GiB heap, for measurements
  --config <name=value>     a broker config; may be given several times
`

/** A mistake in the command line or in what is asked of the cluster: its message is all that the user needs. */
class Refusal extends Error {}

interface State {
  pid: number
  via: Via
  version: string
  brokers: string[]
  logs: string | undefined
}

const stateFile = () => join(cacheDirectory(), 'running.json')
const outputFile = () => join(cacheDirectory(), 'running.log')

/** What runs by the state file; a file that a killed process left behind is removed. */
function running(): State | undefined {
  let state: State
  try {
    state = JSON.parse(readFileSync(stateFile(), 'utf8')) as State
  } catch {
    return undefined
  }
  if (isAlive(state.pid)) return state
  rmSync(stateFile(), { force: true })
  return undefined
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        nodes: { type: 'string', default: '1' },
        via: { type: 'string' },
        performance: { type: 'boolean', default: false },
        config: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${usage}`)
  }
}

type Values = ReturnType<typeof parse>['values']

function startOptions(values: Values): StartOptions {
  if (values.nodes !== '1' && values.nodes !== '3') throw new Refusal(`--nodes must be 1 or 3, not '${values.nodes}'`)
  const { via } = values
  if (via !== undefined && via !== 'docker' && via !== 'maven') throw new Refusal(`--via must be docker or maven, not '${via}'`)
  const configs = values.config.map((pair) => {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new Refusal(`--config must be name=value, not '${pair}'`)
    return [pair.slice(0, equals), pair.slice(equals + 1)] as const
  })
  return {
    nodes: values.nodes === '1' ? 1 : 3,
    ...(via ? { via } : {}),
    performance: values.performance,
    configs: Object.fromEntries(configs),
  }
}

function describe({ via, version, brokers, logs, pid }: State): string {
  const nodes = brokers.length === 1 ? '1 node' : `${brokers.length} nodes`
  return `Kafka ${version}, ${nodes}, via ${via}, process ${pid}\nbootstrap servers: ${brokers.join(',')}\nlogs: ${logs}\n`
}

function refuseSecond(): void {
  const state = running()
  if (state) throw new Refusal(`a cluster runs already; \`npm run kafka -- stop\` ends it\n${describe(state)}`)
}

async function run(values: Values): Promise<void> {
  const options = startOptions(values)
  refuseSecond()
  // Asked for before the start: an interrupt while starting ends the start, and the watchdog the nodes.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  const starting = startKafka({ ...options, onProgress: (what) => process.stderr.write(`${what}\n`) })
  const kafka = await Promise.race([starting, ended])
  if (!kafka) process.exit(130)
  const { via, version, brokers, logDirectory: logs } = kafka
  if (via === 'brokers')
    throw new Refusal('KAFKA_BROKERS names a cluster that somebody else runs: there is nothing to start; unset it')
  const state: State = { pid: process.pid, via, version, brokers, logs }
  writeFileSync(`${stateFile()}.${process.pid}`, JSON.stringify(state))
  renameSync(`${stateFile()}.${process.pid}`, stateFile())
  process.stdout.write(describe(state))
  // The nodes do not keep this process alive, and the promise of a signal does not either.
  const keepAlive = setInterval(() => {}, 1 << 30)
  await ended
  await kafka.stop()
  rmSync(stateFile(), { force: true })
  clearInterval(keepAlive)
}

async function start(args: string[], values: Values): Promise<void> {
  startOptions(values)
  refuseSecond()
  const output = openSync(outputFile(), 'w')
  const child = spawn(process.execPath, [import.meta.filename, 'run', ...args], {
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  let exit: string | undefined
  child.on('exit', (code, signal) => (exit = String(signal ?? code)))
  for (let shown = 0; ; await sleep(100)) {
    const said = readFileSync(outputFile(), 'utf8')
    if (exit !== undefined) throw new Refusal(`the cluster did not start (${exit})\n${tail(said, 4000)}`)
    const state = running()
    if (state && state.pid === child.pid) {
      process.stdout.write(describe(state))
      child.unref()
      return
    }
    process.stderr.write(said.slice(shown))
    shown = said.length
  }
}

async function stop(): Promise<void> {
  const state = running()
  if (!state) throw new Refusal('nothing runs')
  process.kill(state.pid, 'SIGTERM')
  for (let waited = 0; isAlive(state.pid); waited += 100) {
    if (waited > 60_000) throw new Refusal(`process ${state.pid} does not end`)
    await sleep(100)
  }
  process.stdout.write('stopped\n')
}

async function status(): Promise<void> {
  const state = running()
  if (!state) {
    const { via, missing } = await findKafka()
    process.stdout.write(`nothing runs; \`start\` would use: ${via ?? 'nothing'}\n`)
    for (const [way, reason] of missing) process.stdout.write(`  not ${way}: ${reason}\n`)
    process.exitCode = 3
    return
  }
  process.stdout.write(describe(state))
  for (const address of state.brokers) {
    const answer = await probe(address).then(
      ({ brokers }) => `answers, knows brokers ${brokers.map((broker) => broker.nodeId).join(', ')}`,
      (error: Error) => error.message,
    )
    process.stdout.write(`  ${address} ${answer}\n`)
  }
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parse(args)
  const [command, ...rest] = positionals
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  if (rest.length > 0) throw new Refusal(`unexpected argument '${rest[0]}'\n\n${usage}`)
  if (command === 'run') await run(values)
  else if (command === 'start')
    await start(
      args.filter((arg) => arg !== 'start'),
      values,
    )
  else if (command === 'stop') await stop()
  else if (command === 'status') await status()
  else throw new Refusal(command ? `unknown command '${command}'\n\n${usage}` : usage)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const known = error instanceof Refusal || (error as { code?: string }).code === 'KAFKA_UNAVAILABLE'
  process.stderr.write(known ? `${(error as Error).message}\n` : `${(error as Error).stack}\n`)
  process.exitCode = 1
}
