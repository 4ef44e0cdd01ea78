/**
 * One Kafka node as a JVM of this machine: formats its storage, starts it, signals it, and knows whether it runs. Does not know
 * the other nodes, nor when the cluster is ready.
 */
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeSignal } from './cluster.ts'
import { finish, type JvmProfile, jvmFlags, spawnJava, tail } from './java.ts'
import type { Libs } from './libs.ts'
import { logFile } from './run-directory.ts'

const FORMAT_TIMEOUT = 60_000
// A controlled shutdown moves the leaderships away first; without a controller Kafka waits far longer than a test wants to.
const SHUTDOWN_TIMEOUT = 60_000

export interface JvmOptions {
  profile: JvmProfile
  heapMb: number
}

export class JvmNode {
  readonly nodeId: number
  readonly dataDirectory: string
  paused = false
  #child: ChildProcess | undefined
  #exit = ''
  readonly #directory: string
  readonly #propertiesFile: string
  readonly #libs: Libs
  readonly #jvm: JvmOptions

  constructor(nodeId: number, directory: string, libs: Libs, jvm: JvmOptions) {
    this.nodeId = nodeId
    this.#directory = directory
    this.#libs = libs
    this.#jvm = jvm
    this.dataDirectory = join(directory, `node-${nodeId}`)
    this.#propertiesFile = join(directory, `node-${nodeId}.properties`)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Why the node does not run; undefined while it does. */
  get down(): string | undefined {
    return this.#child ? undefined : `node ${this.nodeId} ${this.#exit || 'was not started'}`
  }

  async format(clusterId: string, properties: string, more: readonly string[] = []): Promise<void> {
    mkdirSync(this.dataDirectory, { recursive: true })
    writeFileSync(this.#propertiesFile, properties)
    const args = ['format', '-t', clusterId, '-c', this.#propertiesFile, ...more]
    const child = spawnJava(jvmFlags('quick', 128, this.#libs.archive), this.#libs.jars, 'kafka.tools.StorageTool', args, 'pipe')
    const { code, stdout, stderr } = await finish(child, '', FORMAT_TIMEOUT)
    if (code !== 0) throw new Error(`formatting node ${this.nodeId} failed:\n${tail(stdout + stderr)}`)
  }

  /** Starts the JVM and returns at once. */
  start(extraFlags: string[] = []): void {
    if (this.#child) return
    const { profile, heapMb } = this.#jvm
    const flags = [...jvmFlags(profile, heapMb, extraFlags.length === 0 ? this.#libs.archive : undefined), ...extraFlags]
    const log = openSync(logFile(this.#directory, this.nodeId), 'a')
    const child = spawnJava(flags, this.#libs.jars, 'kafka.Kafka', [this.#propertiesFile], ['ignore', log, log])
    closeSync(log)
    // The node must not keep a program alive that forgot to stop it; the watchdog ends it then.
    child.unref()
    this.#child = child
    this.paused = false
    const gone = (how: string) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#exit = how
    }
    child.on('error', (error) => gone(`did not start: ${error.message}`))
    child.on('exit', (code, signal) => gone(`ended with ${signal ?? `exit code ${code}`}`))
  }

  async signal(signal: NodeSignal): Promise<void> {
    const child = this.#child
    if (!child) throw new Error(`${this.down}: it cannot get ${signal}`)
    if (signal === 'SIGTERM' && this.paused) throw new Error(`node ${this.nodeId} is paused: send SIGCONT before SIGTERM`)
    child.kill(signal)
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') this.paused = signal === 'SIGSTOP'
    else await this.#ended(child, signal)
    if (signal === 'SIGSTOP') await allStopped(child.pid!)
  }

  #ended(child: ChildProcess, signal: NodeSignal): Promise<void> {
    if (child !== this.#child) return Promise.resolve()
    child.ref()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.unref()
        reject(new Error(`node ${this.nodeId} did not end within ${SHUTDOWN_TIMEOUT / 1000} s after ${signal}`))
      }, SHUTDOWN_TIMEOUT)
      child.once('exit', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

/** A busy machine takes its time to stop all threads of a process. */
async function allStopped(pid: number): Promise<void> {
  const threads = `/proc/${pid}/task`
  // other systems have no such place: they have to be believed
  if (!existsSync(threads)) return
  const runs = (id: string): boolean => !/^State:\s+[Tt]/m.test(readFileSync(`${threads}/${id}/status`, 'utf8'))
  while (readdirSync(threads).some(runs)) await new Promise((resolve) => setTimeout(resolve, 5))
}
