/** `odradek` as it is built, run as a process of its own. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { isBuilt } from '../../../bench/built.ts'

const root = join(import.meta.dirname, '../../..')
const bin = join(root, 'dist/main/cli/odradek.js')

/** As `npm run build` does, if what is there is older than the sources. */
export function build(): void {
  if (!isBuilt()) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
}

export interface Ended {
  code: number | string
  stdout: string
  stderr: string
}

/** Runs it to its end. */
export function odradek(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }))
  })
}

export class BrokerProcess implements AsyncDisposable {
  stdout = ''
  stderr = ''
  readonly startedInMs: number
  readonly child: ChildProcess

  private constructor(child: ChildProcess, startedInMs: number) {
    this.child = child
    this.startedInMs = startedInMs
  }

  /** Resolves when it says where it is. */
  static async start(args: string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<BrokerProcess> {
    const began = performance.now()
    const child = spawn(process.execPath, [bin, 'broker', '--port', '0', ...args], { env: { ...process.env, ...env } })
    child.stdin.end(input)
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += text))
    let ready = ''
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`it ended: ${stderr}`)))
    ended.catch(() => {})
    while (!ready.includes('\n')) ready += String((await Promise.race([once(child.stdout, 'data'), ended]))[0])
    const broker = new BrokerProcess(child, performance.now() - began)
    broker.stdout = ready
    broker.stderr = stderr
    child.stdout.on('data', (text) => (broker.stdout += text))
    child.stderr.on('data', (text) => (broker.stderr += text))
    return broker
  }

  get brokers(): string[] {
    return /^Kafka is at ([\d.:]+(?:,[\d.:]+)*)/.exec(this.stdout)![1]!.split(',')
  }

  /** Resolves with the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    const { child } = this
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode!
    const exit = once(child, 'exit')
    child.kill(signal)
    const [code, by] = await exit
    return code ?? by
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
