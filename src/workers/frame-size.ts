/** Judges the four bytes in front of a frame before anything is allocated for it. */

import type { ErrorContext } from '../shared/errors.ts'

export interface FrameSizeProblem {
  /** In words. */
  text: string
  context: ErrorContext
}

/** What is wrong with a claimed frame size; undefined when it is fine. */
export function frameSizeProblem(size: number, limit: number): FrameSizeProblem | undefined {
  const text = sizeProblem(size, limit)
  if (text === undefined) return undefined
  const tooLarge = size > limit
  return { text, context: tooLarge ? { size, limit, option: 'maxResponseBytes' } : {} }
}

function sizeProblem(size: number, limit: number): string | undefined {
  const bytes = size >>> 0
  // also below a limit that was raised to hundreds of megabytes: the wait for them would end with a timeout that tells nothing
  if (isTlsRecord(bytes)) return 'its first bytes are a TLS record; the listener wants TLS, this client was told not to use it'
  if (size >= 4 && size <= limit) return undefined
  const text = String.fromCharCode(bytes >>> 24, (bytes >>> 16) & 0xff, (bytes >>> 8) & 0xff, bytes & 0xff)
  if (text === 'HTTP') return 'it answers in HTTP; is this the port of a web server or a proxy?'
  if (size < 4) return `it announced a response of ${size} bytes`
  return `it announced a response of ${size} bytes, over the limit of ${limit} (maxResponseBytes)`
}

/** It starts with its type, 20 to 23, then a version from 3.0 to 3.4. */
function isTlsRecord(bytes: number): boolean {
  const type = bytes >>> 24
  return type >= 20 && type <= 23 && ((bytes >>> 16) & 0xff) === 3 && ((bytes >>> 8) & 0xff) <= 4
}
