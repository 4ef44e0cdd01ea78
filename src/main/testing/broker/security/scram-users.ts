/**
 * The SCRAM credentials of a cluster: made at start from passwords, or by AlterUserScramCredentials. Owns what is kept of a
 * password, and which changes outlive the process: what was altered goes before what the start says. Knows no exchange.
 */
import {
  MIN_SCRAM_ITERATIONS,
  type ScramMechanism,
  saltPasswordNow,
  scramKeys,
  scramMechanisms,
} from '../../../../shared/scram.ts'

export interface ScramCredential {
  salt: Buffer
  iterations: number
  storedKey: Buffer
  serverKey: Buffer
}

/** What became of a credential, as it is noted: nothing that could be logged in with. Without keys it was deleted. */
export interface ScramChange {
  readonly user: string
  readonly mechanism: ScramMechanism
  readonly credential: ScramCredential | undefined
}

export class ScramUsers {
  /** Told of each change that is to be kept. */
  onChange: (change: ScramChange) => void = () => {}
  /** The last change of each credential. */
  readonly #changes = new Map<string, ScramChange>()
  /** Those that the start says: that one was taken away must be kept. */
  readonly #initial = new Set<string>()
  /** By user, in the order of their first credential. */
  readonly #users = new Map<string, Map<ScramMechanism, ScramCredential>>()

  get names(): string[] {
    return [...this.#users.keys()]
  }

  credential(user: string, mechanism: ScramMechanism): ScramCredential | undefined {
    return this.#users.get(user)?.get(mechanism)
  }

  /** What a user has; undefined when nothing. */
  credentialsOf(user: string): ReadonlyMap<ScramMechanism, ScramCredential> | undefined {
    return this.#users.get(user)
  }

  /** All that was altered since the cluster began, the last change of each credential. */
  get changes(): Iterable<ScramChange> {
    return this.#changes.values()
  }

  /** Gives a user a credential, for good. */
  alter(user: string, mechanism: ScramMechanism, salt: Buffer, iterations: number, saltedPassword: Uint8Array): void {
    this.#changed({ user, mechanism, credential: { salt, iterations, ...scramKeys(mechanism, saltedPassword) } })
  }

  /** Takes a credential away, for good. */
  delete(user: string, mechanism: ScramMechanism): void {
    this.#changed({ user, mechanism, credential: undefined })
  }

  /** Does again what happened once. */
  repeat(change: ScramChange): void {
    const { user, mechanism, credential } = change
    const key = `${mechanism} ${user}`
    if (credential || this.#initial.has(key)) this.#changes.set(key, change)
    else this.#changes.delete(key)
    if (credential) this.#put(user, mechanism, credential)
    else this.#remove(user, mechanism)
  }

  #changed(change: ScramChange): void {
    this.repeat(change)
    this.onChange(change)
  }

  #put(user: string, mechanism: ScramMechanism, credential: ScramCredential): void {
    const credentials = this.#users.get(user) ?? new Map<ScramMechanism, ScramCredential>()
    this.#users.set(user, credentials)
    credentials.set(mechanism, credential)
  }

  /** A credential of every kind, as long as the process lives. */
  putPassword(user: string, password: string, salt: Buffer): void {
    for (const mechanism of scramMechanisms) {
      const salted = saltPasswordNow(mechanism, Buffer.from(password), salt, MIN_SCRAM_ITERATIONS)
      this.#initial.add(`${mechanism} ${user}`)
      this.#put(user, mechanism, { salt, iterations: MIN_SCRAM_ITERATIONS, ...scramKeys(mechanism, salted) })
    }
  }

  #remove(user: string, mechanism: ScramMechanism): void {
    const credentials = this.#users.get(user)
    credentials?.delete(mechanism)
    if (credentials?.size === 0) this.#users.delete(user)
  }
}
