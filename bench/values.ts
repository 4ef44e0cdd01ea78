/** The values of records, the same for every client. */
import type { Job } from './job.ts'

/**
 * So many events that none comes twice in what a codec looks back on, and a prime, so that all of them come to each partition when
 * these take turns.
 */
const EVENTS = 8191

const TYPES = ['order.created', 'order.updated', 'order.shipped', 'payment.captured', 'session.started', 'cart.changed']
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR', 'IN', 'GB', 'PL']
const AGENTS = ['ios/8.1.0', 'android/8.0.3', 'web/firefox', 'web/chrome', 'web/safari']
const WORDS = 'gift wrapped express pickup returned partial split voucher priority fragile heavy bulk standard cold late'.split(
  ' ',
)
const TOKEN = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
/** The share of words in what fills an event up, the rest is noise: together the ratio of what services log. */
const NOTE = 0.5

/** A value as the job wants it; a client takes them in turns. */
export function valuesOf({ values, size }: Pick<Job, 'values' | 'size'>): Buffer[] {
  return values === 'random' ? [randomValue(size)] : eventValues(size)
}

/** Bytes that do not compress. */
export function randomValue(size: number): Buffer {
  const value = Buffer.allocUnsafeSlow(size)
  const next = noise()
  for (let i = 0; i < size; i++) value[i] = next()
  return value
}

/** Events in JSON, each of `size` bytes, which codecs make about a third of. `size` is 200 at least. */
function eventValues(size: number): Buffer[] {
  const next = noise()
  const below = (limit: number) => (next() >>> 0) % limit
  const one = (list: readonly string[]) => list[below(list.length)]!
  const hex = () => (next() >>> 0).toString(16).padStart(8, '0')
  return Array.from({ length: EVENTS }, (_, index) => {
    const time = new Date(Date.UTC(2026, 0, 1) + index * 137 + below(100)).toISOString()
    const head =
      `{"id":"${hex()}${hex()}","type":"${one(TYPES)}","time":"${time}","user":${100_000 + below(900_000)},` +
      `"country":"${one(COUNTRIES)}","agent":"${one(AGENTS)}","amount":${below(50_000) / 100},"note":"`
    const left = size - head.length - '","trace":""}'.length
    let [note, trace] = ['', '']
    while (note.length < left * NOTE) note += `${one(WORDS)} `
    note = note.slice(0, left * NOTE)
    while (note.length + trace.length < left) trace += one(TOKEN)
    return Buffer.from(`${head}${note}","trace":"${trace}"}`)
  })
}

/** xorshift32 from a fixed seed. */
function noise(): () => number {
  let state = 0x9e3779b9 | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
}
