/** All that can be seen of a value: for tests that look for what must not be there. */
import { inspect } from 'node:util'

export function shown(value: unknown): string {
  const whole = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
  })
  return `${whole}\n${json(value)}\n${String(value)}`
}

/** How a secret may stand in a text. */
export function formsOf(secret: string): string[] {
  return [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')]
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}
