import type { DocumentStore } from '../../inbox/document-store.ts'
import { ProblemError } from '../../problem.ts'

/** A saved table or query: the address that shows it again with today's data. */
export interface Note {
  readonly title: string
  /** Path inside the desk, with its query. */
  readonly path: string
  readonly saved: string
}

const mostNotes = 200
const deskPath = /^\/office\/desk\/[a-z]+(\?[^\s<>"]{0,4000})?$/

interface StoredNotebook {
  readonly _id: string
  readonly _rev?: string
  readonly notes: readonly Note[]
}

/** Saved tables of each person, under `notebook:<login>`. */
export function openNotebooks(office: DocumentStore, now: () => Date) {
  const read = async (login: string): Promise<StoredNotebook> =>
    ((await office.get(`notebook:${login}`)) as StoredNotebook | undefined) ?? { _id: `notebook:${login}`, notes: [] }
  return {
    notes: async (login: string): Promise<readonly Note[]> => (await read(login)).notes,
    /** @throws ProblemError `invalid-request` for a path outside the desk or a full notebook. */
    async save(login: string, { title, path }: Pick<Note, 'title' | 'path'>): Promise<void> {
      if (!deskPath.test(path)) throw new ProblemError('invalid-request', 'Only pages of the desk can be saved.')
      const book = await read(login)
      const others = book.notes.filter((each) => each.path !== path)
      if (others.length >= mostNotes) throw new ProblemError('invalid-request', `A notebook holds ${mostNotes} pages; remove one first.`)
      await office.put({ ...book, notes: [...others, { title, path, saved: now().toISOString() }] })
    },
    async remove(login: string, path: string): Promise<void> {
      const book = await read(login)
      await office.put({ ...book, notes: book.notes.filter((each) => each.path !== path) })
    },
  }
}

export type Notebooks = ReturnType<typeof openNotebooks>
