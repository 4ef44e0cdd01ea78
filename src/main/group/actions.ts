/**
 * What a handler gave back, judged: how many records are done, which are skipped or moved, how long to pause. Anything that leaves
 * a doubt about a single record is refused as a whole, so that nothing is committed on a misunderstanding. Pure; knows neither
 * commits nor threads.
 */
import { KafkaError } from '../../shared/errors.ts'
import { show } from '../../shared/options.ts'
import { isTopicName } from '../topic-name.ts'
import type { Action, HandlerResult, TopicPartition, Verdict } from './types.ts'

/** A day, as for every duration. */
const LONGEST_COOLDOWN_MS = 86_400_000

/** What is needed of a record; the object itself is what an action is matched by. */
interface Judged {
  readonly offset: number
}

/** A handler's result on its way from a thread: each record by its place in the batch, −1 when it was none of it. */
export type IndexedResult =
  | undefined
  | Action
  | readonly (readonly [action: Action, index: number])[]
  | { readonly actions: Action | readonly (readonly [action: Action, index: number])[]; readonly handlerCooldownMs?: number }

type Kind = 'commit' | 'retry' | 'skip' | 'move'

/** Throws HANDLER_RESULT, with what is wrong, where, and what to do, when `result` does not say what becomes of each record. */
export function judge(records: readonly Judged[], result: HandlerResult | unknown, where: TopicPartition): Verdict {
  return new Judge(records, where, (at) => records[at]).judge(result)
}

/** The same for a result whose list names records by index. */
export function judgeByIndex(records: readonly Judged[], result: IndexedResult | unknown, where: TopicPartition): Verdict {
  return new Judge(records, where, (at) => at).judge(result)
}

class Judge {
  readonly #records: readonly Judged[]
  readonly #where: TopicPartition
  /** What a list names the record at a place of the batch by. */
  readonly #nameOf: (at: number) => unknown
  readonly #verdict: Verdict = { done: 0, skips: [], moves: [], cooldownMs: undefined }
  /** The first record that is to be delivered again. */
  #retried = -1

  constructor(records: readonly Judged[], where: TopicPartition, nameOf: (at: number) => unknown) {
    this.#records = records
    this.#where = where
    this.#nameOf = nameOf
  }

  judge(result: unknown): Verdict {
    const actions = this.#unwrapped(result)
    if (Array.isArray(actions)) this.#list(actions)
    else for (let index = 0; index < this.#records.length; index++) this.#apply(index, actions)
    // An action is looked at even when there is no record for it.
    if (this.#records.length === 0 && !Array.isArray(actions)) this.#kindOf(actions, 0)
    this.#verdict.done = this.#retried < 0 ? this.#records.length : this.#retried
    return this.#verdict
  }

  /** The actions of `{ actions, handlerCooldownMs }`, or the result itself. */
  #unwrapped(result: unknown): unknown {
    if (result === undefined) return 'commit'
    if (typeof result !== 'object' || result === null || Array.isArray(result)) return result
    if (!Object.hasOwn(result, 'actions') && !Object.hasOwn(result, 'handlerCooldownMs')) return result
    const { actions, handlerCooldownMs: pause, ...others } = result as Record<string, unknown>
    const stray = Object.keys(others)[0]
    if (actions === undefined || stray !== undefined) {
      const has = stray === undefined ? 'has no actions' : `has ${show(stray)}`
      throw this.#wrong(0, `an object that ${has}`, "Return { actions, handlerCooldownMs }, with 'commit' or a list as actions")
    }
    if (pause !== undefined && !(typeof pause === 'number' && pause >= 0 && pause <= LONGEST_COOLDOWN_MS)) {
      throw this.#wrong(
        0,
        `handlerCooldownMs ${show(pause)}`,
        `Make it a number of milliseconds from 0 to ${LONGEST_COOLDOWN_MS}, or leave it out`,
      )
    }
    this.#verdict.cooldownMs = pause
    return actions
  }

  #list(list: readonly unknown[]): void {
    const { length } = this.#records
    for (let at = 0; at < list.length; at++) {
      const pair = list[at]
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw this.#wrong(at, `${show(pair)} at place ${at} of its list`, 'Make each item of the list [action, record]')
      }
      const [action, item] = pair as [unknown, unknown]
      if (at >= length || item !== this.#nameOf(at)) throw this.#misplaced(at, item)
      this.#apply(at, action)
    }
    if (list.length === length) return
    const missing = `a list of ${list.length} for ${records(length)}, the first without an action being offset ${this.#offset(list.length)}`
    throw this.#wrong(list.length, missing, 'Give each record of the batch one action, or return a single action for all of them')
  }

  #misplaced(at: number, item: unknown): KafkaError {
    const index = this.#records.findIndex((_, place) => item === this.#nameOf(place))
    const todo = 'List each record of the batch once, in its order, as the object that was handed in'
    if (index < 0) return this.#wrong(at, `a record at place ${at} of its list that is not one of the batch`, todo)
    const offset = this.#offset(index)
    if (index < at) return this.#wrong(index, `the record of offset ${offset} twice in its list`, todo)
    return this.#wrong(index, `the record of offset ${offset} where that of offset ${this.#offset(at)} is due`, todo)
  }

  #apply(index: number, action: unknown): void {
    const kind = this.#kindOf(action, index)
    if (kind === 'retry') {
      if (this.#retried < 0) this.#retried = index
      return
    }
    if (this.#retried >= 0) {
      const behind = `${describe(action)} for offset ${this.#offset(index)} behind 'retry' for offset ${this.#offset(this.#retried)}`
      const todo =
        "A partition is committed in order: return 'retry' for all that follow a retried record, or move that record to another topic"
      throw this.#wrong(index, behind, todo)
    }
    if (kind === 'skip') this.#verdict.skips.push({ index, reason: (action as { skip: string }).skip })
    if (kind === 'move') this.#verdict.moves.push({ index, topic: (action as { moveTo: string }).moveTo })
  }

  #kindOf(action: unknown, index: number): Kind {
    if (action === 'commit' || action === 'retry') return action
    if (typeof action === 'object' && action !== null && Object.keys(action).length === 1) {
      const { skip, moveTo } = action as { skip?: unknown; moveTo?: unknown }
      if (typeof skip === 'string') return 'skip'
      if (typeof moveTo === 'string' && isTopicName(moveTo)) return 'move'
      if (moveTo !== undefined) {
        const todo = "moveTo takes the name of a topic: 1 to 249 letters, digits, '.', '_' and '-', but neither '.' nor '..'"
        throw this.#wrong(index, `{ moveTo: ${show(moveTo)} }`, todo)
      }
      if (skip !== undefined) throw this.#wrong(index, `{ skip: ${show(skip)} }`, 'skip takes the reason as a string')
    }
    throw this.#wrong(index, describe(action), "An action is 'commit', 'retry', { skip: reason } or { moveTo: topic }")
  }

  #offset(index: number): number | undefined {
    return this.#records[index]?.offset
  }

  #wrong(index: number, what: string, todo: string): KafkaError {
    const { topic, partition } = this.#where
    const offset = this.#offset(Math.min(index, this.#records.length - 1))
    const at = offset === undefined ? '' : ` at offset ${offset}`
    const text = `The handler of ${topic}-${partition} returned ${what}${at}: nothing of this batch is committed. ${todo}.`
    return new KafkaError('HANDLER_RESULT', text, { topic, partition, ...(offset !== undefined && { offset }) })
  }
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`
}

/** An action for a message. What an object holds stays out of it, besides the names of its fields. */
function describe(action: unknown): string {
  if (typeof action !== 'object' || action === null || Array.isArray(action)) return show(action)
  const names = Object.keys(action)
  return names.length === 0
    ? 'an empty object'
    : `{ ${names
        .slice(0, 5)
        .map((name) => name.slice(0, 30))
        .join(', ')} }`
}
