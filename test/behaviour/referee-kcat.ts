/** kcat, the command line of librdkafka, as a referee: owns how it is run and what is said when it is not there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs kcat with this on its input and gives what it printed; rejects when it fails or takes too long. */
export async function kcat(args: readonly string[], input = '', timeoutMs = 30_000): Promise<string> {
  const child = spawn('kcat', args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs })
  const printed = { out: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.error += text))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${signal ?? code}: ${printed.error.slice(-1_000)}`)
  return printed.out
}

async function whyNoKcat(): Promise<string> {
  try {
    await kcat(['-V'])
    return ''
  } catch (error) {
    return `kcat cannot be run (apt install kcat): ${(error as Error).message.split('\n')[0]}`
  }
}

/** Why there is no kcat; empty when there is one. */
export const noKcat = await whyNoKcat()
if (noKcat) process.stderr.write(`REFEREE KCAT IS SKIPPED: ${noKcat}\n`)
