/** Judges the four bytes in front of a frame before anything is allocated for it. */

/** What is wrong with a claimed frame size, in words; undefined when it is fine. */
export function frameSizeProblem(size: number, limit: number): string | undefined {
  if (size >= 4 && size <= limit) return undefined
  const bytes = size >>> 0
  // a TLS record starts with its type (20–23), then version 3.x
  const type = bytes >>> 24
  if (type >= 20 && type <= 23 && ((bytes >>> 16) & 0xff) === 3) {
    return 'its first bytes are a TLS record; the listener wants TLS, this client was told not to use it'
  }
  const text = String.fromCharCode(type, (bytes >>> 16) & 0xff, (bytes >>> 8) & 0xff, bytes & 0xff)
  if (text === 'HTTP') return 'it answers in HTTP; is this the port of a web server or a proxy?'
  if (size < 4) return `it announced a response of ${size} bytes`
  return `it announced a response of ${size} bytes, over the limit of ${limit} (maxResponseBytes)`
}
