/**
 * What a broker or an issuer of tokens says in words, made fit for an error: short, printable, and without what it was told in
 * confidence. Knows no mechanism.
 */

/** It may have cut a secret: so many characters of it in a row are struck out too. */
const PIECE = 8
/** Of shorter ones only the text itself is looked for. */
const LEAST_ENCODED = 4
/** With a longer secret nothing is repeated: to look for it would take too long. */
const MAX_SECRET = 64 * 1024

/** At most so many characters of the text. */
export function heard(text: string, secrets: readonly string[], most: number): string {
  if (secrets.some(({ length }) => length > MAX_SECRET)) return ''
  const said = printable(text.slice(0, 4 * most))
  const struck = new Uint8Array(said.length)
  for (const form of secrets.flatMap(formsOf)) {
    const length = Math.min(PIECE, form.length)
    for (let at = 0; at + length <= said.length; at++)
      if (form.includes(said.slice(at, at + length))) struck.fill(1, at, at + length)
  }
  let shown = ''
  for (let at = 0; at < said.length && shown.length < most; at++) {
    if (!struck[at]) shown += said[at]
    else if (!struck[at - 1]) shown += '***'
  }
  return shown
}

/** On one line, and without characters that terminals obey or that nobody sees. */
function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '')
}

/** How a secret may come back: as it is, or within something that was encoded as a whole. */
function formsOf(secret: string): string[] {
  if (secret === '') return []
  const bytes = Buffer.from(secret)
  const encoded = [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed()), bytes.toString('hex')]
  // what stands before it decides how its bits fall
  for (const before of [0, 1, 2]) {
    const base64 = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const own = base64.slice(before && before + 1, Math.floor(((before + bytes.length) * 8) / 6))
    encoded.push(own, own.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return [printable(secret), ...encoded.filter((form) => form.length >= LEAST_ENCODED)].filter((form) => form !== '')
}
