/** What options of the embedded broker may hold that no table of valibot says. Owns no option. */

/** An object that is no list. */
export const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list of names. */
export const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name.length > 0 && name.length <= 255)
