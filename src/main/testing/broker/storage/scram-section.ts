/** The section of what a cluster keeps of SCRAM: salt, iterations and the two keys of each credential that was altered, never a password. */
import type { ScramChange, ScramUsers } from '../security/scram-users.ts'
import type { Section, SnapshotWriter } from './storage.ts'

export class ScramSection implements Section {
  readonly name = 'scram'
  readonly #users: ScramUsers

  constructor(users: ScramUsers) {
    this.#users = users
  }

  snapshot(writer: SnapshotWriter): void {
    for (const change of this.#users.changes) writer.note(change)
  }

  restore(change: ScramChange): void {
    this.#users.repeat(change)
  }
}
