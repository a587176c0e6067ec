export type ArgumentKind = 'any' | 'number' | 'text' | 'condition' | 'date' | 'list'
export type ResultKind = 'number' | 'text' | 'condition' | 'date' | 'datetime' | 'first' | 'branch'

export interface FunctionDefinition {
  readonly name: string
  /** How it is written in the documentation. */
  readonly usage: string
  /** Kinds of the arguments, in order; the last repeats when `most` is larger than the list. */
  readonly takes: readonly ArgumentKind[]
  readonly least: number
  readonly most: number
  /** `first`: of the kind of the arguments; `branch`: of the kind of the second and third argument. */
  readonly gives: ResultKind
  readonly meaning: string
  /** What happens when an argument is empty. */
  readonly empty: string
  /** Where the result knowingly differs from ODK. */
  readonly differs?: string
}

const many = 50
const define = (
  usage: string,
  takes: readonly ArgumentKind[],
  [least, most]: readonly [number, number],
  gives: ResultKind,
  meaning: string,
  empty: string,
  differs?: string,
): FunctionDefinition => ({
  name: usage.slice(0, usage.indexOf('(')),
  usage,
  takes,
  least,
  most,
  gives,
  meaning,
  empty,
  ...(differs && { differs }),
})

/** Every function of the language. Parser, linter and documentation read this table; tests hold both back ends to it. */
export const functions: readonly FunctionDefinition[] = [
  define('selected(x, code)', ['any', 'text'], [2, 2], 'condition', 'The code is among the codes of x.', 'false'),
  define('count-selected(x)', ['any'], [1, 1], 'number', 'How many codes x holds.', '0'),
  define('selected-at(x, n)', ['any', 'number'], [2, 2], 'text', 'The code at place n of x, counted from 0.', 'empty'),
  define(
    'jr:choice-name(code, ${question})',
    ['text', 'text'],
    [2, 2],
    'text',
    'The label of a code in the question’s list, in the language shown.',
    'empty',
  ),
  define(
    'if(condition, a, b)',
    ['condition', 'any', 'any'],
    [3, 3],
    'branch',
    'a when the condition holds, else b.',
    'an empty condition does not hold',
  ),
  define('coalesce(a, b, …)', ['any'], [1, many], 'first', 'The first argument that is not empty.', 'empty when all are'),
  define(
    'once(x)',
    ['any'],
    [1, 1],
    'first',
    'Keeps the value the question already has; x when it has none.',
    'as x',
    'random() and uuid() are allowed only inside once().',
  ),
  define('not(condition)', ['condition'], [1, 1], 'condition', 'The condition does not hold.', 'true'),
  define('true()', [], [0, 0], 'condition', 'Always holds.', '-'),
  define('false()', [], [0, 0], 'condition', 'Never holds.', '-'),
  define(
    'boolean(x)',
    ['any'],
    [1, 1],
    'condition',
    'A number other than 0, a text that is not empty, a list with a member.',
    'false',
    'ODK takes an unanswered question as true.',
  ),
  define('number(x)', ['any'], [1, 1], 'number', 'x as a number; a date as days since 1970-01-01.', 'empty'),
  define(
    'string(x)',
    ['any'],
    [1, 1],
    'text',
    'x as text; codes with a space between.',
    'empty',
    'ODK writes NaN for a number that cannot be formed.',
  ),
  define('int(x)', ['number'], [1, 1], 'number', 'x without its decimals, toward 0.', 'empty'),
  define('round(x, places?)', ['number', 'number'], [1, 2], 'number', 'Nearest number; a half goes up.', 'empty'),
  define('floor(x)', ['number'], [1, 1], 'number', 'Largest whole number not above x.', 'empty'),
  define('ceiling(x)', ['number'], [1, 1], 'number', 'Smallest whole number not below x.', 'empty'),
  define('abs(x)', ['number'], [1, 1], 'number', 'x without its sign.', 'empty'),
  define('pow(x, y)', ['number', 'number'], [2, 2], 'number', 'x to the power of y.', 'empty; also when the result is not finite'),
  define(
    'sum(x, …)',
    ['list'],
    [1, many],
    'number',
    'Sum of all values.',
    'skipped; the sum of nothing is 0',
    'ODK gives NaN when one value is empty.',
  ),
  define(
    'min(x, …)',
    ['list'],
    [1, many],
    'number',
    'Smallest value.',
    'skipped; empty when all are',
    'ODK gives NaN when one value is empty.',
  ),
  define(
    'max(x, …)',
    ['list'],
    [1, many],
    'number',
    'Largest value.',
    'skipped; empty when all are',
    'ODK gives NaN when one value is empty.',
  ),
  define('count(x)', ['list'], [1, 1], 'number', 'How many members or values, empty ones included.', '0 of an empty list'),
  define('count-non-empty(x, …)', ['list'], [1, many], 'number', 'How many values are not empty.', 'not counted'),
  define(
    'join(separator, x, …)',
    ['text', 'list'],
    [2, many],
    'text',
    'All values as one text, the separator between.',
    'kept as an empty place',
  ),
  define('concat(a, …)', ['list'], [1, many], 'text', 'All values one after the other.', 'adds nothing'),
  define('string-length(x)', ['text'], [1, 1], 'number', 'How many characters.', '0', 'Characters beyond the basic plane count once.'),
  define(
    'substr(x, start, end?)',
    ['text', 'number', 'number'],
    [2, 3],
    'text',
    'Characters from start (counted from 0) to before end; a negative place counts from the end.',
    'empty',
  ),
  define('contains(x, part)', ['text', 'text'], [2, 2], 'condition', 'The part occurs in x.', 'an empty part occurs everywhere'),
  define('starts-with(x, part)', ['text', 'text'], [2, 2], 'condition', 'x begins with the part.', 'as contains'),
  define('ends-with(x, part)', ['text', 'text'], [2, 2], 'condition', 'x ends with the part.', 'as contains'),
  define(
    'substring-before(x, part)',
    ['text', 'text'],
    [2, 2],
    'text',
    'What stands before the first part; empty when it does not occur.',
    'empty',
  ),
  define(
    'substring-after(x, part)',
    ['text', 'text'],
    [2, 2],
    'text',
    'What stands after the first part; empty when it does not occur.',
    'empty; x when the part is empty',
  ),
  define('normalize-space(x)', ['text'], [1, 1], 'text', 'x without spaces around, and with single spaces inside.', 'empty'),
  define(
    'translate(x, from, to)',
    ['text', 'text', 'text'],
    [3, 3],
    'text',
    'Each character of from replaced by the one at its place in to.',
    'empty',
  ),
  define(
    'regex(x, pattern)',
    ['text', 'text'],
    [2, 2],
    'condition',
    'The pattern fits the whole of x. At most 500 characters; longer texts do not fit.',
    'tested as an empty text',
    'The pattern is a fixed text without look-around or back-references, so that database and phone agree.',
  ),
  define('today()', [], [0, 0], 'date', 'The interview day.', '-'),
  define('now()', [], [0, 0], 'datetime', 'Date and time.', '-'),
  define('date(x)', ['any'], [1, 1], 'date', 'x as a date; a number is days since 1970-01-01.', 'empty'),
  define(
    'format-date(x, form)',
    ['date', 'text'],
    [2, 2],
    'text',
    'A date as text: %Y %y %m %n %b %d %e %a.',
    'empty',
    'Month and day names are English.',
  ),
  define(
    'format-date-time(x, form)',
    ['any', 'text'],
    [2, 2],
    'text',
    'As format-date, and %H %h %M %S %3.',
    'empty',
    'The local time as written, never shifted to another zone.',
  ),
  define('decimal-date-time(x)', ['any'], [1, 1], 'number', 'Days since 1970-01-01, with the time of day as a fraction.', 'empty'),
  define(
    'difference-in-months(from, to)',
    ['date', 'date'],
    [2, 2],
    'number',
    'Completed months: the day of the month must be reached.',
    'empty',
    '31 January to 28 February is 0 months.',
  ),
  define(
    'add-date(x, years, months?, days?)',
    ['date', 'number', 'number', 'number'],
    [2, 4],
    'date',
    'A later (or earlier) date; beyond the end of a month is its last day.',
    'empty',
  ),
  define('position(..)', [], [0, 0], 'number', 'Place of this member in its repeat, counted from 1.', '0 outside a repeat'),
  define(
    'indexed-repeat(${x}, ${repeat}, n)',
    ['list', 'number'],
    [2, 2],
    'first',
    'The answer x of the member at place n, counted from 1.',
    'empty',
  ),
  define('random()', [], [0, 0], 'number', 'A number from 0 to below 1; only inside once().', '-'),
  define('uuid()', [], [0, 0], 'text', 'A random id; only inside once().', '-'),
]

/** Functions of other tools that are not offered, with what to do instead. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  'jr:itext': 'Write the text in a label column instead; labels are translated there.',
  checklist: 'Count with if(): if(a, 1, 0) + if(b, 1, 0) >= n.',
  'weighted-checklist': 'Add with if(): if(a, 2, 0) + if(b, 1, 0) >= n.',
  'position-of': 'Use position(..) inside the repeat.',
  instance: "Write instance('list')/root/item[condition]/column.",
  current: 'Write ${name}.',
  'last-saved': 'Answers of an earlier interview are not at hand on the phone.',
  digest: 'Answers are sealed as a whole; no digest is needed.',
  'z-score': 'z-score tables are not part of the language.',
  iif: 'Write if(condition, a, b).',
  length: 'Write string-length(x).',
  len: 'Write string-length(x).',
  average: 'Write sum(x) div count-non-empty(x).',
  mean: 'Write sum(x) div count-non-empty(x).',
  isblank: "Write ${x} = ''.",
  isnull: "Write ${x} = ''.",
}
