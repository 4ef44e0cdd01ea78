import { describe, expect, it } from 'vitest'
import { allowedHostProblem, isAllowedHost } from '../../src/shared/allowed-hosts.ts'

describe('hosts that a client may connect to', () => {
  it.each([
    ['kafka-1.example.com', ['kafka-1.example.com'], true],
    ['KAFKA-1.Example.com.', ['kafka-1.example.COM'], true],
    ['kafka-1.example.com', ['*.example.com'], true],
    ['a.b.example.com', ['*.example.com'], true],
    ['example.com', ['*.example.com'], false],
    ['.example.com', ['*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
    ['kafka-1.example.com.evil.org', ['*.example.com', 'kafka-1.example.com'], false],
    ['169.254.169.254', ['10.0.0.1', '*.example.com'], false],
    ['10.0.0.1', ['10.0.0.1'], true],
    ['fe80::1', ['FE80::1'], true],
    ['anything', [], false],
    ['anything', undefined, true],
  ])('%s with %j: %s', (host, allowed, expected) => {
    expect(isAllowedHost(host, allowed)).toBe(expected)
  })

  it.each(['*', '*.', 'a:9092', 'http://a', '', 'a b', '[::1]', 'a.*', '**.a'])('%j is none', (pattern) => {
    expect(allowedHostProblem(pattern)).toMatch(/host name, an address/)
  })

  it.each(['a', '*.a', '*.example.com', '127.0.0.1', '::1', 'fe80::1'])('%j is one', (pattern) => {
    expect(allowedHostProblem(pattern)).toBeUndefined()
  })
})
