/** Sends that can be given up. */
import type { SendCallback } from './sends.ts'
import { aborted } from './wait.ts'

/** The promise ends with the signal; the record, once under way, does not. */
export function abortable(signal: AbortSignal, settle: SendCallback, leave: () => boolean): SendCallback {
  const onAbort = () => {
    const outcome = leave() ? 'not-written' : 'possibly-written'
    settle(aborted(signal, 'a record to be written').with({ outcome }))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return (error, metadata) => {
    signal.removeEventListener('abort', onAbort)
    settle(error, metadata)
  }
}
