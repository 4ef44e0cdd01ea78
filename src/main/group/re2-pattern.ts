/**
 * A JavaScript RegExp as RE2, which is what brokers match names of topics with (KIP-848). What both can say is translated, the rest
 * is refused with the reason. Brokers want the whole name to match where JavaScript is content with a part of it, so what is
 * not anchored gets `.*` around it. Pure. Topic names are ASCII letters, digits, '.', '_' and '-', which makes subtleties of
 * Unicode and of line ends void.
 */

/** RE2 takes no more repetitions than this. */
const MOST_REPEATS = 1_000
const PUNCTUATION = /[!-/:-@[-`{-~]/

/** Why an expression cannot be one for brokers, as the end of "it …". */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem'
}

/** Throws a {@link PatternProblem} when RE2 has no expression for it. */
export function toRe2(regexp: RegExp): string {
  const stray = /[^isud]/.exec(regexp.flags)?.[0]
  if (stray !== undefined)
    throw new PatternProblem(`has the flag ${stray}: ${FLAG_REASONS.get(stray) ?? 'brokers know i, s and u'}`)
  const { text, opens, closes } = new Translator(regexp.source, regexp.unicode).translate()
  const group = `(?${regexp.ignoreCase ? 'i' : ''}:${text})`
  return `${opens ? '' : '.*'}${group}${closes ? '' : '.*'}`
}

const FLAG_REASONS: ReadonlyMap<string, string> = new Map([
  ['g', 'leave it out, since a topic either matches or not'],
  ['y', 'leave it out; ^ ties the expression to the beginning'],
  ['m', 'names of topics have one line'],
  ['v', 'RE2 has no operations on sets; use u'],
])

interface Translation {
  text: string
  /** It can only match at the beginning, or at the end, of a name. */
  opens: boolean
  closes: boolean
}

/** One character or a set of them. */
interface Atom {
  text: string
  /** A set, such as \d, which cannot be the end of a range. */
  set: boolean
}

class Translator {
  readonly #source: string
  readonly #unicode: boolean
  #at = 0
  #out = ''
  #depth = 0
  /** There is a choice outside of all groups. */
  #forked = false
  /** Behind an anchor `$` outside of all groups, which nothing followed. */
  #ended = false

  constructor(source: string, unicode: boolean) {
    this.#source = source
    this.#unicode = unicode
  }

  translate(): Translation {
    while (this.#at < this.#source.length) this.#step()
    const opens = !this.#forked && this.#source.startsWith('^')
    return { text: this.#out, opens, closes: !this.#forked && this.#ended }
  }

  #step(): void {
    const char = this.#source[this.#at]!
    this.#ended = char === '$' && this.#depth === 0
    if (char === '\\') this.#escape()
    else if (char === '[') this.#bracket()
    else if (char === '(') this.#group()
    else if (char === '{') this.#brace()
    else if (char === '}' || char === ']') this.#take(1, `\\${char}`)
    else {
      if (char === ')') this.#depth--
      if (char === '|' && this.#depth === 0) this.#forked = true
      this.#take(1, char)
    }
  }

  get #rest(): string {
    return this.#source.slice(this.#at)
  }

  #take(length: number, text: string): void {
    this.#at += length
    this.#out += text
  }

  #group(): void {
    const rest = this.#rest
    if (/^\(\?<?[=!]/.test(rest)) {
      const behind = rest[2] === '<'
      throw new PatternProblem(`looks ${behind ? 'behind' : 'ahead'} with ${rest.slice(0, behind ? 4 : 3)}, which RE2 cannot`)
    }
    const flags = /^\(\?([ims]*)(?:-([ims]*))?:/.exec(rest)
    // What a group is called, or that it captures, is nothing to a match.
    const opening = flags?.[0] ?? /^\(\?<[^>]*>/.exec(rest)?.[0] ?? '('
    const on = flags?.[1] ?? ''
    const off = flags?.[2] ? `-${flags[2]}` : ''
    this.#depth++
    this.#take(opening.length, `(?${on}${off}:`)
  }

  #brace(): void {
    const [repeat, least, most] = /^\{(\d+)(?:,(\d*))?\}/.exec(this.#rest) ?? []
    if (repeat === undefined) {
      this.#take(1, '\\{')
      return
    }
    if (Math.max(Number(least), Number(most ?? 0)) > MOST_REPEATS) {
      throw new PatternProblem(`repeats something more than ${MOST_REPEATS} times with ${repeat}, which RE2 does not take`)
    }
    this.#take(repeat.length, repeat)
  }

  #escape(): void {
    const kind = this.#source[this.#at + 1]!
    if (kind === 'b' || kind === 'B') this.#take(2, `\\${kind}`)
    else this.#out += this.#escaped().text
  }

  /** An escape, in or outside of brackets, that stands for one character or for a set. */
  #escaped(): Atom {
    const rest = this.#rest
    const kind = rest[1]!
    const [, hex] =
      /^\\x([0-9a-fA-F]{2})/.exec(rest) ??
      /^\\u([0-9a-fA-F]{4})/.exec(rest) ??
      (this.#unicode ? /^\\u\{([0-9a-fA-F]+)\}/.exec(rest) : null) ??
      []
    if (hex !== undefined) {
      this.#at = this.#source.indexOf(hex, this.#at) + hex.length + (rest[2] === '{' ? 1 : 0)
      return one(Number.parseInt(hex, 16))
    }
    if (this.#unicode && (kind === 'p' || kind === 'P')) return this.#property(rest)
    const control = /^\\c([a-zA-Z])/.exec(rest)?.[1]
    if (control !== undefined) {
      this.#at += 3
      return one(control.charCodeAt(0) % 32)
    }
    if (/^\\(?:[1-9]|0\d|k)/.test(rest)) {
      throw new PatternProblem(`refers back to a group with ${rest.slice(0, 2)}, or has an octal number, which RE2 cannot`)
    }
    this.#at += 2
    if (kind === '0') return one(0)
    if (/[dDsSwW]/.test(kind)) return { text: `\\${kind}`, set: true }
    if (/[tnrfv]/.test(kind)) return { text: `\\${kind}`, set: false }
    return literal(kind)
  }

  #property(rest: string): Atom {
    const [whole, sign, name] = /^\\([pP])\{(?:(?:General_Category|gc)=)?([CLMNPSZ][a-z]?)\}/.exec(rest) ?? []
    const [script, scriptSign, scriptName] = /^\\([pP])\{(?:Script|sc)=(\w+)\}/.exec(rest) ?? []
    const found = whole ?? script
    if (found === undefined) {
      const shown = /^\\[pP]\{[^}]*\}/.exec(rest)![0]
      throw new PatternProblem(`has the property ${shown}, which RE2 may not know; write the characters out`)
    }
    this.#at += found.length
    return { text: `\\${sign ?? scriptSign}{${name ?? scriptName}}`, set: true }
  }

  /** Characters in brackets. */
  #bracket(): void {
    this.#at++
    const negated = this.#source[this.#at] === '^'
    if (negated) this.#at++
    let text = ''
    while (this.#source[this.#at] !== ']') {
      const from = this.#inBrackets()
      text += from.text
      if (this.#source[this.#at] !== '-' || this.#source[this.#at + 1] === ']') continue
      this.#at++
      const to = this.#inBrackets()
      // Beside a set, a hyphen is one.
      text += from.set || to.set ? `\\-${to.text}` : `-${to.text}`
    }
    this.#at++
    if (text !== '') this.#out += `[${negated ? '^' : ''}${text}]`
    // Nothing at all, or anything at all, for which RE2 has no empty brackets.
    else this.#out += negated ? '(?s:.)' : '[^\\x00-\\x{10FFFF}]'
  }

  #inBrackets(): Atom {
    const char = this.#source[this.#at]!
    if (char !== '\\') {
      this.#at++
      return literal(char)
    }
    if (this.#source[this.#at + 1] !== 'b') return this.#escaped()
    this.#at += 2
    return one(8)
  }
}

function one(code: number): Atom {
  return { text: `\\x{${code.toString(16).toUpperCase()}}`, set: false }
}

function literal(char: string): Atom {
  return { text: PUNCTUATION.test(char) && char !== '_' && char !== '/' ? `\\${char}` : char, set: false }
}
