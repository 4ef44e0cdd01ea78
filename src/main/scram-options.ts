/** The rows of what is asked of SCRAM users. Knows no request. */
import * as v from 'valibot'
import { choiceType, flag, integer, pathTo, secret, textType } from '../shared/options.ts'
import { MAX_SCRAM_ITERATIONS, MIN_SCRAM_ITERATIONS } from '../shared/scram.ts'

const rows = v.strictObject({
  user: textType({ min: 1, max: 1_024 }, 'The name of the user.'),
  mechanism: choiceType(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const, 'Which of the credentials of the user.'),
  password: secret(
    'The new password, or a function that gives it. It never leaves this process: brokers get what was derived from it.',
  ),
  iterations: integer(
    MIN_SCRAM_ITERATIONS,
    { min: MIN_SCRAM_ITERATIONS, max: MAX_SCRAM_ITERATIONS },
    'How often the password is hashed. More make guessing slower, and each login too.',
  ),
  remove: flag(false, 'Takes the credential away, instead of a password.'),
})

/** One change of `alterUserScramCredentials`. */
export const scramAlterationOptions = v.pipe(
  rows,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { password, remove } = dataset.value
    if (remove === (password !== undefined)) {
      const message = remove ? "cannot be given together with 'remove'" : "is required, unless 'remove' is true"
      addIssue({ message, path: pathTo(dataset.value, 'password') })
    }
  }),
)

export type ScramAlteration = v.InferInput<typeof scramAlterationOptions>
export type CheckedScramAlteration = Readonly<v.InferOutput<typeof scramAlterationOptions>>
