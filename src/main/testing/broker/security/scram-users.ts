/**
 * The SCRAM credentials of a cluster: made at start from passwords, or by AlterUserScramCredentials. Owns what is kept of a
 * password; knows no exchange.
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

export class ScramUsers {
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

  put(user: string, mechanism: ScramMechanism, salt: Buffer, iterations: number, saltedPassword: Uint8Array): void {
    const credentials = this.#users.get(user) ?? new Map<ScramMechanism, ScramCredential>()
    this.#users.set(user, credentials)
    credentials.set(mechanism, { salt, iterations, ...scramKeys(mechanism, saltedPassword) })
  }

  /** A credential of every kind. */
  putPassword(user: string, password: string, salt: Buffer): void {
    for (const mechanism of scramMechanisms) {
      const salted = saltPasswordNow(mechanism, Buffer.from(password), salt, MIN_SCRAM_ITERATIONS)
      this.put(user, mechanism, salt, MIN_SCRAM_ITERATIONS, salted)
    }
  }

  delete(user: string, mechanism: ScramMechanism): void {
    const credentials = this.#users.get(user)
    credentials?.delete(mechanism)
    if (credentials?.size === 0) this.#users.delete(user)
  }
}
