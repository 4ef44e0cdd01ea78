/**
 * Sends that can be given up. Thousands of them may share one signal, and adding a listener takes longer the more there are: a signal
 * gets one listener of ours, whoever waits for it.
 */
import type { SendCallback } from './sends.ts'
import { aborted } from './wait.ts'

const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back once when the signal is aborted, unless {@link unwatchAbort} comes first. */
export function watchAbort(signal: AbortSignal, onAbort: () => void): void {
  let callbacks = waiting.get(signal)
  if (!callbacks) waiting.set(signal, (callbacks = new Set()))
  if (callbacks.size === 0) signal.addEventListener('abort', fire)
  callbacks.add(onAbort)
}

export function unwatchAbort(signal: AbortSignal, onAbort: () => void): void {
  const callbacks = waiting.get(signal)
  if (callbacks?.delete(onAbort) && callbacks.size === 0) signal.removeEventListener('abort', fire)
}

function fire(this: AbortSignal): void {
  const callbacks = waiting.get(this)
  waiting.delete(this)
  this.removeEventListener('abort', fire)
  for (const callback of callbacks ?? []) callback()
}

/** The promise ends with the signal; the record, once under way, does not. */
export function abortable(signal: AbortSignal, settle: SendCallback, leave: () => boolean): SendCallback {
  const onAbort = () => {
    const outcome = leave() ? 'not-written' : 'possibly-written'
    settle(aborted(signal, 'a record to be written').with({ outcome }))
  }
  watchAbort(signal, onAbort)
  return (error, metadata) => {
    unwatchAbort(signal, onAbort)
    settle(error, metadata)
  }
}
