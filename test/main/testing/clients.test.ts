import { describe, expect, it } from 'vitest'
import { Clients } from '../../../src/main/testing/broker/clients.ts'

const client = (clientId: string) => ({ clientId, software: 'kcat', version: '1', host: '127.0.0.1' })

describe('T1: who is connected', () => {
  it('tells of a client once while it has a connection, and again when it comes back', async () => {
    const clients = new Clients()
    const gone = [clients.arrived(client('a')), clients.arrived(client('a'))]
    expect(await clients.next()).toEqual([client('a')])
    clients.arrived(client('b'))
    gone[0]!()
    clients.arrived(client('a'))
    expect(await clients.next()).toEqual([client('b')])
    const next = clients.next()
    gone[1]!()
    clients.arrived({ ...client('a'), version: '2' })
    expect(await next).toEqual([{ ...client('a'), version: '2' }])
  })

  it('again only after the last connection ended', async () => {
    const clients = new Clients()
    const gone = clients.arrived(client('a'))
    await clients.next()
    gone()
    clients.arrived(client('a'))
    expect(await clients.next()).toEqual([client('a')])
  })

  it('remembers a bounded part of what nobody asked for', async () => {
    const clients = new Clients()
    for (let i = 0; i < 5_000; i++) clients.arrived(client(`${i}-${'x'.repeat(10_000)}`))
    const news = await clients.next()
    expect(news).toHaveLength(1_000)
    expect(news[0]!.clientId).toHaveLength(255)
  })
})
