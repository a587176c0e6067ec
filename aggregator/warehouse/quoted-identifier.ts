/** A column or table name for composed SQL. Names come from questionnaires, never from users. @throws RangeError for a name no questionnaire can have. */
export function quotedIdentifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name)) throw new RangeError(`Not a name of a table or column: ${JSON.stringify(name)}`)
  return `"${name}"`
}
