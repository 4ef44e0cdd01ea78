/**
 * JSON Web Tokens without a signature, by the rules of Kafka's `OAuthBearerUnsecuredValidatorCallbackHandler`: what OAUTHBEARER
 * takes when nobody else is asked.
 */
import type { Identity } from './exchange.ts'

/** Who a token is for; undefined when it is none, is not valid at this time, or wants to be taken for signed. */
export function unsecuredIdentity(token: string, nowMs: number): Identity | undefined {
  const parts = token.split('.')
  const [header, claims] = [jsonOf(parts[0]), jsonOf(parts[1])]
  if (parts.length !== 3 || parts[2] !== '' || header?.get('alg') !== 'none' || claims === undefined) return undefined
  const [sub, exp, iat, scope] = ['sub', 'exp', 'iat', 'scope'].map((name) => claims.get(name))
  if (typeof sub !== 'string' || sub.trim() === '' || typeof exp !== 'number') return undefined
  if (iat !== undefined && (typeof iat !== 'number' || iat * 1000 > nowMs || exp <= iat)) return undefined
  if (nowMs >= exp * 1000) return undefined
  const isScope = scope === undefined || typeof scope === 'string' || (Array.isArray(scope) && scope.every(isText))
  return isScope ? { name: sub, expiresAtMs: Math.round(exp * 1000) } : undefined
}

const isText = (value: unknown): boolean => typeof value === 'string'

function jsonOf(part: string | undefined): Map<string, unknown> | undefined {
  if (!part || !/^[\w-]+$/.test(part)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}
