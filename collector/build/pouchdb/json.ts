// PouchDB carries a parser that cannot overflow the stack; our records are three levels deep.
export const safeJsonParse = (text: string): unknown => JSON.parse(text)
export const safeJsonStringify = (value: unknown): string => JSON.stringify(value)
