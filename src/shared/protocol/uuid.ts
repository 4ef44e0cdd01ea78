/** Uuids in Kafka's own text form: 22 characters of base64url. */

/** The uuid of nothing. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

export function uuidText(bytes: Buffer, at: number): string {
  return bytes.toString('base64url', at, at + 16)
}

/** Writes the 16 bytes of a uuid; throws when the text is none. */
export function writeUuid(target: Buffer, at: number, text: string): void {
  if (text.length !== 22 || target.write(text, at, 16, 'base64url') !== 16)
    throw new TypeError(`not a uuid in base64url: '${text.slice(0, 40)}'`)
}
