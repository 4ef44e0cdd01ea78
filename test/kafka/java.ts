/**
 * Finds a Java that can run Kafka and runs its classes from a directory of jars. Does not know where the jars come from,
 * nor what the classes do.
 */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KafkaUnavailable } from './cluster.ts'
import { watch } from './watchdog.ts'

const OLDEST_JAVA = 17

export interface Java {
  command: string
  /** The full build, such as `17.0.15+6-Debian-1deb12u1`: an archive of classes is only good for one build. */
  build: string
}

let found: Java | undefined

/** The Java of `JAVA_HOME`, else that on the PATH. Throws KafkaUnavailable when there is none or it is too old. */
export function findJava(): Java {
  if (found) return found
  const home = process.env['JAVA_HOME']
  const command = home && existsSync(join(home, 'bin', 'java')) ? join(home, 'bin', 'java') : 'java'
  const { stderr, error } = spawnSync(command, ['-version'], { encoding: 'utf8', timeout: 10_000 })
  if (error) throw new KafkaUnavailable(`no Java ${OLDEST_JAVA} or newer: ${command} does not start (${error.message})`)
  const build = /\(build ([^),]+)/.exec(stderr)?.[1]
  const major = Number(/version "(\d+)/.exec(stderr)?.[1])
  if (!build || !(major >= OLDEST_JAVA)) {
    throw new KafkaUnavailable(`Kafka needs Java ${OLDEST_JAVA} or newer, ${command} is ${stderr.split('\n')[0]}`)
  }
  return (found = { command, build })
}

/** How eager the JVM is: `quick` starts fast and stays small, `server` is Kafka's own choice for real work. */
export type JvmProfile = 'quick' | 'server'

/**
 * JVM flags common to every run. The JVM's own warnings go to standard error, because some tools' standard output is
 * what a test reads; an archive of classes that does not fit (moved jars, another Java) is left alone without a word.
 */
export function jvmFlags(profile: JvmProfile, heapMb: number, archive?: string): string[] {
  return [
    `-Xmx${heapMb}m`,
    ...(profile === 'quick'
      ? ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
      : ['-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35']),
    '-Xlog:disable',
    '-Xlog:all=error:stderr',
    '-Djava.awt.headless=true',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
    ...(archive && existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []),
  ]
}

/**
 * Starts `mainClass`. The process dies with this one; it is in a process group of its own, so that Ctrl-C reaches this one alone and
 * nobody mistakes the interrupt for a fault of the broker.
 */
export function spawnJava(flags: string[], libs: string, mainClass: string, args: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(findJava().command, [...flags, '-cp', join(libs, '*'), mainClass, ...args], { stdio, detached: true })
  watch(child)
  return child
}

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Feeds `input` to the child, collects what it prints and waits for its end, at most `timeoutMs`; then it is killed. */
export function finish(child: ChildProcess, input: string | Buffer, timeoutMs: number): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin?.on('error', () => {}) // it ended before it read everything; its exit code tells why
    child.stdin?.end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const stdout = Buffer.concat(out).toString()
      const stderr = Buffer.concat(err).toString()
      if (late)
        reject(new Error(`${child.spawnargs.join(' ')} did not end within ${timeoutMs / 1000} s\n${tail(stderr || stdout)}`))
      else resolve({ code, signal, stdout, stderr })
    })
  })
}

export function tail(text: string, length = 2000): string {
  return text.length > length ? `…${text.slice(-length)}` : text
}
