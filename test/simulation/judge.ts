/**
 * Holds what was said against what is there: lost, duplicated, reordered, misrouted, changed, unseen. Knows sends, deliveries and
 * logs, and nothing of how they came about.
 */
import { KafkaError } from '../../src/main/index.ts'
import type { Entry, FinalLog } from './final-log.ts'
import { nameOf, type Sent } from './ledger.ts'
import type { Following } from './reader.ts'
import { FLEETING } from './world.ts'

interface Place {
  topic: string
  partition: number
  entry: Entry
}

export function judge(sent: readonly Sent[], logs: readonly FinalLog[], followings: readonly Following[]): string[] {
  const problems: string[] = []
  const byName = new Map(sent.map((one) => [keyOf(one.record.value), one]))
  const places = new Map<Sent, Place[]>()
  /** By writer and partition, over all lives of a topic. */
  const last = new Map<string, number>()
  for (const { topic, partition, entries } of logs) {
    for (const entry of entries) {
      const where = `${topic}-${partition}@${entry.offset}`
      const one = byName.get(keyOf(entry.value))
      if (!one || one.record.value !== entry.value) {
        problems.push(`IP6: ${where} holds what nobody sent: ${entry.value.slice(0, 40)}`)
        continue
      }
      const { record, promises, writer, sequence } = one
      if (record.topic !== topic || (record.partition ?? partition) !== partition)
        problems.push(`IP6: ${nameOf(one)} is at ${where}`)
      const found = places.get(one) ?? []
      places.set(one, [...found, { topic, partition, entry }])
      if (!promises.idempotent) continue
      if (found.length > 0) problems.push(`IP3: ${nameOf(one)} is in the log twice, at ${found[0]!.entry.offset} and ${where}`)
      const line = `${writer} ${topic}-${partition}`
      const before = last.get(line) ?? -1
      if (sequence < before) problems.push(`IP4: ${nameOf(one)} at ${where} comes after ${before}`)
      last.set(line, Math.max(before, sequence))
    }
  }
  for (const one of sent) problems.push(...judgeSent(one, places.get(one) ?? []))
  for (const following of followings) problems.push(...judgeRead(following, logs))
  return problems
}

function judgeSent(sent: Sent, places: readonly Place[]): string[] {
  const { result, promises, unobserved, record } = sent
  if (unobserved || !result) return []
  const name = nameOf(sent)
  if ('metadata' in result) {
    if (!promises.confirmed) return []
    const { topic, partition, offset, timestamp } = result.metadata
    const at = `${topic}-${partition}@${offset}`
    if (places.length === 0) return [`IP1: ${name} was acknowledged at ${at} and is not in the log`]
    const place = places.find((found) => {
      return found.topic === topic && found.partition === partition && (offset === -1 || found.entry.offset === offset)
    })
    if (!place) return [`IP1: ${name} was said to be at ${at} and is at ${places.map(({ entry }) => entry.offset)}`]
    const ownTime = record.timestamp === undefined || topic === 'stamped' || timestamp === place.entry.timestamp
    return ownTime ? [] : [`IP1: ${name} was said to have the time ${timestamp}, not ${place.entry.timestamp}`]
  }
  const { error } = result
  if (!(error instanceof KafkaError) || error.code === 'INTERNAL') return [`IX1: ${name} failed with ${error}`]
  if (error.outcome === undefined) return [`IP2: ${name} failed without an outcome: ${error.message}`]
  if (error.outcome === 'not-written' && places.length > 0) {
    return [`IP2: ${name} was called not written and is at ${places[0]!.entry.offset}: ${error.message}`]
  }
  return []
}

/** Each record that was given must be in some log of that name at that place. */
function judgeRead({ topic, partition, delivered }: Following, logs: readonly FinalLog[]): string[] {
  const lives = logs.filter((log) => log.topic === topic && log.partition === partition)
  const where = `${topic}-${partition}`
  const wrong = delivered.filter(({ offset, value }) => !lives.some(({ entries }) => entries[offset]?.value === value))
  const problems = wrong.map(
    ({ offset, value }) => `IC1: ${where}@${offset} was read as ${value.slice(0, 40)}, which is not there`,
  )
  if (topic === FLEETING) return problems
  const seen = new Set(delivered.map(({ offset }) => offset))
  for (const { entries } of lives) {
    const unseen = entries.filter(({ offset }) => !seen.has(offset))
    if (unseen.length > 0)
      problems.push(`unseen: ${where} has ${unseen.length} records that were not read, from ${unseen[0]!.offset}`)
  }
  return problems
}

/** Writer and sequence. */
function keyOf(value: string): string {
  return value.split('/', 2).join('/')
}
