/** Ids drawn by chance: UUIDs, in Kafka's text form and in everybody's. */

export class RandomIds {
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** A random UUID in Kafka's text form. */
  newId(): string {
    const text = this.#randomUuid().toString('base64url')
    // Kafka avoids a leading dash, which command lines take for a flag.
    return text.startsWith('-') ? this.newId() : text
  }

  /** A random UUID as everybody else writes it. */
  newUuid(): string {
    return this.#randomUuid()
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  #randomUuid(): Buffer {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(this.#random() * 256)))
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    return bytes
  }
}
