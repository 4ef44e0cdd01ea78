import { describe, expect, it } from 'vitest'
import { heard } from '../../src/shared/heard.ts'

const SECRET = 'gE4eim/Qx7+vZ2k"'

describe('IX7 what a broker says', () => {
  it('is shown when there is nothing to hide in it', () => {
    expect(heard('Invalid credentials', [SECRET], 300)).toBe('Invalid credentials')
    expect(heard('Invalid credentials', [], 300)).toBe('Invalid credentials')
    expect(heard('Invalid credentials', [''], 300)).toBe('Invalid credentials')
  })

  it('is cut, and on one line without characters that terminals obey', () => {
    expect(heard('x'.repeat(1 << 20), [], 300)).toBe('x'.repeat(300))
    expect(heard('a\r\nb\t c\x1b[2J\x00\u202ed\u200b', [], 300)).toBe('a b c[2Jd')
  })

  const url = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_')
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ password: SECRET })],
    ['in an address', `?p=${encodeURIComponent(SECRET)}`],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['in base64', base64(SECRET)],
    ['in base64 behind one byte', base64(`-${SECRET}-`)],
    ['in base64 behind two bytes', base64(`--${SECRET}--`)],
    ['in base64 of addresses', url(base64(SECRET))],
    ['as the message of PLAIN', base64(`\0alice\0${SECRET}`)],
    ['the first half', SECRET.slice(0, 9)],
    ['the second half', SECRET.slice(7)],
    ['with invisible characters in it', [...SECRET].join('\u200b')],
  ])('shows no secret: %s', (_, said) => {
    const shown = heard(`before ${said} after`, [SECRET, 'other'], 300)
    expect(shown).toMatch(/^before .*\*\*\*.* after$/)
    for (let at = 0; at + 8 <= SECRET.length; at++) expect(shown).not.toContain(SECRET.slice(at, at + 8))
    for (const form of [base64(SECRET), Buffer.from(SECRET).toString('hex')]) expect(shown).not.toContain(form.slice(4, 12))
  })

  it('shows no part of a secret that is cut off with it', () => {
    for (let before = 270; before <= 300; before++) {
      const shown = heard('-'.repeat(before) + SECRET, [SECRET], 300)
      expect(shown).not.toContain(SECRET.slice(0, 2))
      expect(shown.length).toBeLessThanOrEqual(303)
    }
  })

  it('strikes out short secrets too, and only where they stand', () => {
    expect(heard('the pin is 4711, ok', ['4711'], 300)).toBe('the pin is ***, ok')
    expect(heard('Authentication failed', ['x'], 300)).toBe('Authentication failed')
  })

  it('N4: takes no time, however long both are', () => {
    const before = process.cpuUsage()
    heard('ab'.repeat(500_000), ['ab'.repeat(32 * 1024)], 500)
    expect(heard('anything', ['x'.repeat(1 << 20)], 500)).toBe('')
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(100_000)
  })
})
