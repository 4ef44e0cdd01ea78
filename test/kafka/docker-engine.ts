/**
 * Whether a Docker engine answers, found out in well under two seconds and without loading testcontainers. Looks where testcontainers looks;
 * knows nothing of images or containers.
 */
import { existsSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { KafkaUnavailable } from './cluster.ts'

const PATIENCE = 1500

/** The body of the answer to a GET; rejects when there is none in time. */
function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, timeout: PATIENCE }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(`it answered ${response.statusCode}`))
      })
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${PATIENCE} ms`)))
    request.on('error', reject)
  })
}

function reachable(url: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port || 2375), url.hostname)
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer within ${PATIENCE} ms`)))
    socket.on('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('error', (error) => resolve(`${url.host}: ${error.message}`))
  })
}

function sockets(): string[] {
  const host = process.env['DOCKER_HOST']
  if (host) return host.startsWith('unix://') ? [host.slice('unix://'.length)] : []
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`
  const candidates = ['/var/run/docker.sock', join(runtime, 'docker.sock'), join(homedir(), '.docker', 'run', 'docker.sock')]
  return candidates.filter((path) => existsSync(path))
}

/** Throws KafkaUnavailable with the reason when no engine answers. */
export async function checkEngine(): Promise<void> {
  const host = process.env['DOCKER_HOST']
  if (host && !host.startsWith('unix://')) {
    const url = URL.canParse(host) ? new URL(host) : undefined
    if (!url || !/^(tcp|https?):$/.test(url.protocol)) throw new KafkaUnavailable(`DOCKER_HOST '${host}' is not understood`)
    const reason = await reachable(url)
    if (reason) throw new KafkaUnavailable(`no Docker engine: ${reason}`)
    return
  }
  const answers = sockets().map((path) =>
    ask(path, '/_ping').then(
      () => undefined,
      (error: Error) => `${path}: ${error.message}`,
    ),
  )
  if (answers.length === 0) throw new KafkaUnavailable('no Docker engine: there is no socket of one')
  const reasons = await Promise.all(answers)
  if (!reasons.includes(undefined)) throw new KafkaUnavailable(`no Docker engine: ${reasons.join(', ')}`)
}

/**
 * Whether the engine runs on this very host, so that published ports are on our loopback. testcontainers would take any machine with a
 * `/.dockerenv` for a container beside the others and go through the bridge's address.
 */
export async function isEngineOnThisHost(): Promise<boolean> {
  for (const path of sockets()) {
    try {
      return (JSON.parse(await ask(path, '/info')) as { Name?: string }).Name === hostname()
    } catch {
      // The next socket may be the live one.
    }
  }
  return false
}
