/**
 * How long a series of runs will still take: from what runs of the same kind took, and before there are any, from what they were
 * expected to. Knows no clock.
 */

/** Runs of one client in one scenario. */
export interface Planned {
  id: string
  client: string
  rounds: number
  /** Milliseconds a run was expected to take, from its numbers. */
  expected: number
}

interface Track extends Planned {
  done: number
  /** Milliseconds of the runs that are done. */
  took: number
}

export class Estimate {
  readonly #tracks: Track[]

  constructor(planned: readonly Planned[]) {
    this.#tracks = planned.map((each) => ({ ...each, done: 0, took: 0 }))
  }

  get runs(): number {
    return this.#tracks.reduce((sum, { rounds }) => sum + rounds, 0)
  }

  get runsDone(): number {
    return this.#tracks.reduce((sum, { done }) => sum + done, 0)
  }

  rounds(id: string, client: string): number {
    return this.#find(id, client)?.rounds ?? 0
  }

  /** A run is over; unknown ones are ignored. */
  done(id: string, client: string, took: number): void {
    const track = this.#find(id, client)
    if (!track) return
    track.done++
    track.took += took
  }

  /** Runs of this kind that are left will not take place. */
  skip(id: string): void {
    for (const track of this.#tracks) if (track.id === id) track.rounds = track.done
  }

  /** Milliseconds, beginning with the run that began `running` milliseconds ago. */
  left(running = 0): number {
    const left = this.#tracks.reduce((sum, track) => sum + Math.max(0, track.rounds - track.done) * this.#guess(track), 0)
    return Math.max(0, left - running)
  }

  #guess(track: Track): number {
    if (track.done > 0) return track.took / track.done
    const ofClient = this.#factor(this.#tracks.filter(({ client }) => client === track.client))
    return track.expected * (ofClient ?? this.#factor(this.#tracks) ?? 1)
  }

  /** How many times what was expected it took so far. */
  #factor(tracks: readonly Track[]): number | undefined {
    const expected = tracks.reduce((sum, track) => sum + track.expected * track.done, 0)
    return expected === 0 ? undefined : tracks.reduce((sum, { took }) => sum + took, 0) / expected
  }

  #find(id: string, client: string): Track | undefined {
    return this.#tracks.find((track) => track.id === id && track.client === client)
  }
}
