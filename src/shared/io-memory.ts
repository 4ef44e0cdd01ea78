/** What main and one I/O core share: two rings, the offset table, and the bells between them. */
import { type Bell, LocalBell, SharedBell } from './bell.ts'
import type { Env } from './env.ts'
import { READER_ASLEEP, WRITER_WAITING } from './ring.ts'

/** The shared memory between main and one I/O core, made by main. */
export interface IoMemory {
  submission: SharedArrayBuffer
  completion: SharedArrayBuffer
  offsets: SharedArrayBuffer
}

/** The bells of both rings; main has the other ends. */
export interface IoBells {
  /** The core sleeps here until main submits. */
  submitted: Bell
  /** Main waits here for room to submit. */
  roomToSubmit: Bell
  /** Main sleeps here until the core completes something. */
  completed: Bell
  /** The core waits here for room to complete. */
  roomToComplete: Bell
}

/** Bells for two threads. */
export function sharedBells(memory: IoMemory): IoBells {
  const submission = new Int32Array(memory.submission, 0, 64)
  const completion = new Int32Array(memory.completion, 0, 64)
  return {
    submitted: new SharedBell(submission, READER_ASLEEP),
    roomToSubmit: new SharedBell(submission, WRITER_WAITING),
    completed: new SharedBell(completion, READER_ASLEEP),
    roomToComplete: new SharedBell(completion, WRITER_WAITING),
  }
}

/** Bells for a core on main's own thread. */
export function localBells(env: Env): IoBells {
  const bell = (): Bell => new LocalBell((callback) => env.defer(callback))
  return { submitted: bell(), roomToSubmit: bell(), completed: bell(), roomToComplete: bell() }
}
