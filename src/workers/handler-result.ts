/**
 * What a handler returned in a thread, on its way to main: plain data, with records named by their place in the batch, −1 for what was
 * none of it. Judges nothing: what cannot be understood here arrives there as what it was, as far as it can be sent.
 */
import type { ConsumedRecord } from '../shared/handler-types.ts'

export function indexed(records: readonly ConsumedRecord[], result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return plain(result)
  if (Array.isArray(result)) return indexedList(records, result)
  const fields = Object.entries(result).map(([name, value]) => {
    return [name, Array.isArray(value) ? indexedList(records, value) : plainAction(value)] as const
  })
  return Object.fromEntries(fields)
}

function indexedList(records: readonly ConsumedRecord[], list: readonly unknown[]): unknown {
  if (isAllDone(records, list)) return 'commit'
  let places: Map<unknown, number> | undefined
  const placeOf = (item: unknown, at: number): number => {
    if (item === records[at]) return at
    places ??= new Map(records.map((record, place) => [record, place]))
    return places.get(item) ?? -1
  }
  return list.map((pair, at) => {
    if (!Array.isArray(pair)) return plain(pair)
    return pair.length === 2 ? [plainAction(pair[0]), placeOf(pair[1], at)] : pair.map(plain)
  })
}

/** The usual list is said in a word. */
function isAllDone(records: readonly ConsumedRecord[], list: readonly unknown[]): boolean {
  if (list.length !== records.length || list.length === 0) return false
  for (let at = 0; at < list.length; at++) {
    const pair = list[at]
    if (!Array.isArray(pair) || pair.length !== 2 || pair[0] !== 'commit' || pair[1] !== records[at]) return false
  }
  return true
}

/** One level of an object: an action has no more. */
function plainAction(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return plain(value)
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
}

/** What can be sent; of anything else, that it is there. */
function plain(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return `${typeof value} ${String(value).slice(0, 60)}`
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? new Array(value.length) : {}
}
