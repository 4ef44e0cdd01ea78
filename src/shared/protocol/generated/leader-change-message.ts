// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface Voter {
  voterId: number
  voterDirectoryId: string
}

function readVoter(r: Reader, v: number): Voter {
  const voterId = r.int32()
  const voterDirectoryId: string = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  r.skipTags()
  return { voterId, voterDirectoryId }
}

function writeVoter(w: Writer, v: number, m: Draft<Voter>): void {
  const voterId = m.voterId === undefined ? 0 : m.voterId
  w.int32(voterId)
  if (v >= 1) {
    const voterDirectoryId = m.voterDirectoryId === undefined ? 'AAAAAAAAAAAAAAAAAAAAAA' : m.voterDirectoryId
    w.uuid(voterDirectoryId)
  }
  if ((v < 1) && m.voterDirectoryId !== undefined && m.voterDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA') throw new UnsupportedField('LeaderChangeMessage', 'voterDirectoryId', v, 1)
  w.unsignedVarint(0)
}

export interface LeaderChangeMessage {
  version: number
  leaderId: number
  voters: Voter[]
  grantingVoters: Voter[]
}

function readLeaderChangeMessage(r: Reader, v: number): LeaderChangeMessage {
  const version = r.int16()
  const leaderId = r.int32()
  const voters: Voter[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) voters.push(readVoter(r, v))
  }
  const grantingVoters: Voter[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) grantingVoters.push(readVoter(r, v))
  }
  r.skipTags()
  return { version, leaderId, voters, grantingVoters }
}

function writeLeaderChangeMessage(w: Writer, v: number, m: Draft<LeaderChangeMessage>): void {
  const version = m.version === undefined ? 0 : m.version
  w.int16(version)
  const leaderId = m.leaderId === undefined ? 0 : m.leaderId
  w.int32(leaderId)
  const voters = m.voters === undefined ? [] : m.voters
  w.compactArrayLength(voters.length)
  for (const item of voters) writeVoter(w, v, item)
  const grantingVoters = m.grantingVoters === undefined ? [] : m.grantingVoters
  w.compactArrayLength(grantingVoters.length)
  for (const item of grantingVoters) writeVoter(w, v, item)
  w.unsignedVarint(0)
}

export const leaderChangeMessage: Message<LeaderChangeMessage> = {
  name: 'LeaderChangeMessage',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  encode: writeLeaderChangeMessage,
  decode: readLeaderChangeMessage,
}
