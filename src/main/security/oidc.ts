/**
 * Tokens by client credentials (RFC 6749, 4.4; OpenID Connect issuers have it): one POST to the token endpoint. Whoever answers there is
 * believed as little as a broker: no redirects, no large answers, no endless ones.
 */
import { KafkaError } from '../../shared/errors.ts'
import { heard } from '../../shared/heard.ts'
import type { CheckedOidcOptions, OAuthToken } from './security-options.ts'

const MAX_ANSWER_BYTES = 64 * 1024
const MAX_SAID = 200
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** @throws KafkaError INVALID_OPTION */
export function checkEndpoint(tokenEndpoint: string): URL {
  const url = URL.canParse(tokenEndpoint) ? new URL(tokenEndpoint) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url && safe && url.username === '' && url.password === '') return url
  const text = `option 'sasl.oidc.tokenEndpoint' must be an https: address without user name and password; http: is for this machine only.`
  throw new KafkaError('INVALID_OPTION', text, { option: 'sasl.oidc.tokenEndpoint' })
}

/** Asks the issuer for a token. */
export async function clientCredentials(options: CheckedOidcOptions, wallClock: () => number): Promise<OAuthToken> {
  const url = checkEndpoint(options.tokenEndpoint)
  const { clientSecret } = options
  const clientSecretText = typeof clientSecret === 'function' ? await clientSecret() : clientSecret!
  const askedAt = wallClock()
  const { status, text } = await post(url, requestOf(options, clientSecretText), options.timeoutMs)
  const answer = parsed(text)
  if (status !== 200) throw refusal(url, status, answer, [clientSecretText])
  const { access_token: value, expires_in: expiresIn } = answer
  if (typeof value !== 'string') throw failed(url, 'its answer has no access_token', false)
  const lifetime = Number(expiresIn)
  return {
    value,
    ...(Number.isFinite(lifetime) && lifetime > 0 && { expiresAt: askedAt + lifetime * 1_000 }),
    extensions: options.extensions,
  }
}

function requestOf(
  { clientId, scope, clientAuthentication, parameters }: CheckedOidcOptions,
  clientSecret: string,
): { headers: Record<string, string>; body: string } {
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scope !== undefined) form.set('scope', scope)
  for (const [name, value] of Object.entries(parameters ?? {})) form.set(name, value)
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  if (clientAuthentication === 'post') {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  } else {
    const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  return { headers, body: form.toString() }
}

/** RFC 6749, 2.3.1 wants both parts encoded like this. */
function formEncoded(text: string): string {
  return new URLSearchParams({ t: text }).toString().slice(2)
}

async function post(
  url: URL,
  request: { headers: Record<string, string>; body: string },
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', ...request, redirect: 'error', signal })
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > MAX_ANSWER_BYTES) throw new Error(`its answer is over ${MAX_ANSWER_BYTES} bytes`)
      chunks.push(chunk)
    }
    return { status: response.status, text: Buffer.concat(chunks).toString('utf8') }
  } catch (thrown) {
    const error = thrown as Error
    const why =
      error.name === 'TimeoutError' ? `there was no answer within ${timeoutMs} ms (sasl.oidc.timeoutMs)` : reasonOf(error)
    throw failed(url, why, true)
  }
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}

function parsed(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What the issuer itself says is final (RFC 6749, 5.2), unless it is in trouble or busy. */
function refusal(
  url: URL,
  status: number,
  { error, error_description: described }: Record<string, unknown>,
  secrets: string[],
): KafkaError {
  const said = [error, described].filter((part) => typeof part === 'string').map((part) => heard(part, secrets, MAX_SAID))
  const clean = said.join(': ')
  return failed(
    url,
    `it answered with status ${status}${clean && ` (${clean})`}`,
    status >= 500 || status === 408 || status === 429,
  )
}

function failed({ host }: URL, why: string, retriable: boolean): KafkaError {
  const advice = retriable ? 'It is asked again.' : "Check 'sasl.oidc': endpoint, client, secret and scope."
  return new KafkaError('AUTHENTICATION_FAILED', `The token endpoint at ${host} gave no token: ${why}. ${advice}`, { retriable })
}
