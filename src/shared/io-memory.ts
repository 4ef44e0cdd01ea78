/** What main and one I/O core share: two rings, the offset table, and the bells between them. */
import { createBatchStore } from './batch-store.ts'
import { type Bell, LocalBell, SharedBell } from './bell.ts'
import type { Env } from './env.ts'
import { createRing, READER_ASLEEP, WRITER_WAITING } from './ring.ts'

/** The shared memory between main and one I/O core, made by main. */
export interface IoMemory {
  submission: SharedArrayBuffer
  completion: SharedArrayBuffer
  offsets: SharedArrayBuffer
  /** Unsettled batches; the only part that outlives a crash of the core together with the offsets. */
  batches: SharedArrayBuffer
  /** One int32 that the core counts up whenever it pumps. */
  pulse: SharedArrayBuffer
  /** One int32 that main counts up while it has members of groups: the core speaks for them only as long as main lives. */
  life: SharedArrayBuffer
  /** How many cores were here before. */
  generation: number
}

export interface IoMemorySizes {
  submissionRingBytes: number
  completionRingBytes: number
  batchStoreBytes: number
}

/** For the first core of a client thread. */
export function createIoMemory(sizes: IoMemorySizes, offsets: SharedArrayBuffer): IoMemory {
  return withRings(sizes, { offsets, batches: createBatchStore(sizes.batchStoreBytes), generation: 0 })
}

/** For its successor: batches and offsets stay, nothing that was on its way does (F31). */
export function renewIoMemory(sizes: IoMemorySizes, { offsets, batches, generation }: IoMemory): IoMemory {
  return withRings(sizes, { offsets, batches, generation: generation + 1 })
}

function withRings(sizes: IoMemorySizes, rest: Pick<IoMemory, 'offsets' | 'batches' | 'generation'>): IoMemory {
  return {
    ...rest,
    submission: createRing(sizes.submissionRingBytes, rest.generation),
    completion: createRing(sizes.completionRingBytes, rest.generation),
    pulse: new SharedArrayBuffer(4),
    life: new SharedArrayBuffer(4),
  }
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

/** Bells for a core on main's own thread; `coreEnv` is the world as the core sees it. */
export function localBells(env: Env, coreEnv: Env = env): IoBells {
  const bell = (sleeper: Env): Bell => new LocalBell((callback) => sleeper.defer(callback))
  return { submitted: bell(coreEnv), roomToSubmit: bell(env), completed: bell(env), roomToComplete: bell(coreEnv) }
}
