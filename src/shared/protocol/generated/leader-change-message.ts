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
  const voterDirectoryId = v >= 1 ? r.uuid() : 'AAAAAAAAAAAAAAAAAAAAAA'
  r.skipTags()
  return { voterId, voterDirectoryId }
}

function writeVoter(w: Writer, v: number, m: Draft<Voter>): void {
  const { voterId = 0 } = m
  w.int32(voterId)
  if (v >= 1) {
    const { voterDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA' } = m
    w.uuid(voterDirectoryId)
  } else if (m.voterDirectoryId !== undefined && m.voterDirectoryId !== 'AAAAAAAAAAAAAAAAAAAAAA') throw new UnsupportedField('LeaderChangeMessage', 'voterDirectoryId', v, 1, 32767)
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
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) voters.push(readVoter(r, v))
  const grantingVoters: Voter[] = []
  for (let n = r.notNull(r.compactArrayLength(5)); n > 0; n--) grantingVoters.push(readVoter(r, v))
  r.skipTags()
  return { version, leaderId, voters, grantingVoters }
}

function writeLeaderChangeMessage(w: Writer, v: number, m: Draft<LeaderChangeMessage>): void {
  const { version = 0 } = m
  w.int16(version)
  const { leaderId = 0 } = m
  w.int32(leaderId)
  const { voters = [] } = m
  w.compactArrayLength(voters.length)
  for (const item of voters) writeVoter(w, v, item)
  const { grantingVoters = [] } = m
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
