/** SCRAM users of a broker that keeps its data in a folder: who is still let in after a restart, and what is written down of them. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Kafka, type SaslOptions } from '../../../src/main/index.ts'
import { type ScramChange, ScramUsers } from '../../../src/main/testing/broker/security/scram-users.ts'
import { ScramSection } from '../../../src/main/testing/broker/storage/scram-section.ts'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { quickClient } from '../../support/quick.ts'

const folders: string[] = []
const running = new Set<EmbeddedBroker>()
const ADMIN = { username: 'admin', password: 'admin-secret' }

afterEach(async () => {
  for (const broker of running) await broker.close()
  running.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-scram-'))
  folders.push(folder)
  return folder
}

async function start(dataDir: string, options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const sasl = { users: { [ADMIN.username]: ADMIN.password } }
  const broker = await startBroker({ dataDir, thread: false, sasl, topics: [{ topic: 't' }], ...options })
  running.add(broker)
  return broker
}

async function stop(broker: EmbeddedBroker): Promise<void> {
  running.delete(broker)
  await broker.close()
}

type Mechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

const client = (broker: EmbeddedBroker, username: string, password: string, mechanism: Mechanism): Kafka =>
  new Kafka({ ...quickClient, brokers: broker.brokers, sasl: { mechanism, username, password } satisfies SaslOptions })

/** Whether somebody is let in, and can write. */
async function comesIn(broker: EmbeddedBroker, username: string, password: string, mechanism: Mechanism): Promise<boolean> {
  await using kafka = client(broker, username, password, mechanism)
  return await kafka.admin.listOffsets([{ topic: 't', partition: 0, timestamp: 'latest' }]).then(
    () => true,
    (error) => {
      expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED' })
      return false
    },
  )
}

async function asAdmin<T>(broker: EmbeddedBroker, action: (admin: Kafka['admin']) => Promise<T>): Promise<T> {
  await using kafka = client(broker, ADMIN.username, ADMIN.password, 'SCRAM-SHA-512')
  return await action(kafka.admin)
}

describe('E4 T2 SCRAM users of a broker with a folder', () => {
  test('users made and changed by the admin come in after a restart, those taken away do not', async () => {
    const folder = newFolder()
    const first = await start(folder)
    await asAdmin(first, async (admin) => {
      await admin.alterUserScramCredentials([
        { user: 'alice', mechanism: 'SCRAM-SHA-256', password: 'wonderland', iterations: 5_000 },
        { user: 'alice', mechanism: 'SCRAM-SHA-512', password: 'looking-glass' },
        { user: 'bob', mechanism: 'SCRAM-SHA-256', password: 'builder' },
      ])
      await admin.alterUserScramCredentials([
        { user: 'bob', mechanism: 'SCRAM-SHA-256', remove: true },
        { user: 'alice', mechanism: 'SCRAM-SHA-512', password: 'mirror' },
      ])
    })
    await stop(first)

    // twice: what was given back is kept too
    for (let life = 0; life < 2; life++) {
      const broker = await start(folder)
      expect(await comesIn(broker, 'alice', 'wonderland', 'SCRAM-SHA-256')).toBe(true)
      expect(await comesIn(broker, 'alice', 'mirror', 'SCRAM-SHA-512')).toBe(true)
      expect(await comesIn(broker, 'alice', 'looking-glass', 'SCRAM-SHA-512')).toBe(false)
      expect(await comesIn(broker, 'bob', 'builder', 'SCRAM-SHA-256')).toBe(false)
      expect(await asAdmin(broker, (admin) => admin.describeUserScramCredentials(['alice', 'bob']))).toEqual([
        {
          user: 'alice',
          credentials: [
            { mechanism: 'SCRAM-SHA-256', iterations: 5_000 },
            { mechanism: 'SCRAM-SHA-512', iterations: 4_096 },
          ],
        },
        { user: 'bob', credentials: [] },
      ])
      await stop(broker)
    }
  })

  test('what was altered goes before the passwords of the start; those of the start alone are not kept', async () => {
    const folder = newFolder()
    const sasl = { users: { ...{ [ADMIN.username]: ADMIN.password }, carol: 'given', dave: 'given', eve: 'given' } }
    const first = await start(folder, { sasl })
    await asAdmin(first, (admin) =>
      admin.alterUserScramCredentials([
        { user: 'carol', mechanism: 'SCRAM-SHA-256', password: 'changed' },
        { user: 'dave', mechanism: 'SCRAM-SHA-256', remove: true },
      ]),
    )
    await stop(first)
    const again = await start(folder, { sasl })
    expect(await comesIn(again, 'carol', 'changed', 'SCRAM-SHA-256')).toBe(true)
    expect(await comesIn(again, 'carol', 'given', 'SCRAM-SHA-256')).toBe(false)
    expect(await comesIn(again, 'carol', 'given', 'SCRAM-SHA-512')).toBe(true)
    expect(await comesIn(again, 'dave', 'given', 'SCRAM-SHA-256')).toBe(false)
    expect(await comesIn(again, 'eve', 'given', 'SCRAM-SHA-256')).toBe(true)
    await stop(again)
    const without = await start(folder)
    expect(await comesIn(without, 'eve', 'given', 'SCRAM-SHA-256')).toBe(false)
    expect(await comesIn(without, 'carol', 'changed', 'SCRAM-SHA-256')).toBe(true)
  })

  test('a journal that is written anew has what counts, and nothing of who came and went', () => {
    const users = new ScramUsers()
    users.putPassword('first', 'x', Buffer.from('salt'))
    const salted = Buffer.alloc(32, 7)
    for (let i = 0; i < 100; i++) {
      users.alter(`u${i}`, 'SCRAM-SHA-256', Buffer.from('s'), 4096 + i, salted)
      if (i !== 42) users.delete(`u${i}`, 'SCRAM-SHA-256')
    }
    users.delete('first', 'SCRAM-SHA-512')
    const entries: unknown[] = []
    new ScramSection(users).snapshot({ note: (entry) => entries.push(entry), batch: () => {} })
    expect(entries).toHaveLength(2)
    const again = new ScramUsers()
    again.putPassword('first', 'x', Buffer.from('salt'))
    for (const entry of entries) new ScramSection(again).restore(entry as ScramChange)
    expect(again.names).toEqual(users.names)
    for (const name of users.names) expect([...again.credentialsOf(name)!.keys()]).toEqual([...users.credentialsOf(name)!.keys()])
    expect(again.credential('u42', 'SCRAM-SHA-256')).toEqual(users.credential('u42', 'SCRAM-SHA-256'))
  })

  test('no password is written, and nobody else can read what is', async () => {
    const folder = newFolder()
    const first = await start(folder)
    const password = 'a password that nobody guesses'
    await asAdmin(first, (admin) => admin.alterUserScramCredentials([{ user: 'alice', mechanism: 'SCRAM-SHA-512', password }]))
    await stop(first)
    const journal = (): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.journal'))!)
    const written = readFileSync(journal())
    // it is in there, so that the next line says something
    expect(written.includes('alice')).toBe(true)
    expect(written.includes('storedKey')).toBe(true)
    for (const secret of [password, ADMIN.password]) {
      for (const encoding of ['utf8', 'utf16le', 'base64'] as const)
        expect(
          written.includes(encoding === 'base64' ? Buffer.from(secret).toString(encoding) : Buffer.from(secret, encoding)),
        ).toBe(false)
    }
    if (process.platform === 'win32') return
    expect(statSync(journal()).mode & 0o777).toBe(0o600)
    // one of an earlier version
    chmodSync(journal(), 0o644)
    await stop(await start(folder))
    expect(statSync(journal()).mode & 0o777).toBe(0o600)
  })
})
