import { functions } from './functions.ts'

/** The functions as a Markdown table, for docs/methods/expressions.md; a test holds the page to it. */
export function functionTable(): string {
  const rows = functions.map(({ usage, gives, meaning, empty, differs }) => [`\`${usage}\``, kinds[gives], meaning, empty, differs ?? ''])
  return [['function', 'gives', 'meaning', 'when empty', 'differs from ODK'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

const kinds = {
  number: 'number',
  text: 'text',
  condition: 'yes or no',
  date: 'date',
  datetime: 'date and time',
  first: 'as its arguments',
  branch: 'as its branches',
} as const
