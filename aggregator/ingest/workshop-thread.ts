// One thread of the workshop: opens and judges records with what it has been told. It touches no store, file or network.
import { parentPort } from 'node:worker_threads'
import type { Key, KeyProvider } from '../custody/keys.ts'
import { createMarks } from '../custody/marks.ts'
import { SessionCache } from '../custody/open-sealed.ts'
import { type RoundPseudonyms, roundPseudonyms } from '../custody/pseudonyms.ts'
import { ProblemError } from '../problem.ts'
import { workInBackground } from '../warehouse/background-threads.ts'
import type { SpareBlocks } from '../warehouse/blocks.ts'
import { prepareHeap } from './prepare-heap.ts'
import type { Workbench } from './prepare-record.ts'
import { createLibrary } from './questionnaire-library.ts'
import { createRecordReader } from './read-record.ts'
import type { Message, Reply } from './workshop.ts'

workInBackground()

const library = createLibrary()
const keys = new Map<string, Key>()
const pseudonyms = new Map<string, RoundPseudonyms>()
const sessions = new SessionCache()
const spare: SpareBlocks = []

const provider: Pick<KeyProvider, 'get' | 'all'> = { get: (kid) => keys.get(kid), all: () => [...keys.values()] }
const handedKeys = provider as KeyProvider

const bench = (): Workbench => ({
  reader,
  opener: { keys: handedKeys, sessions, dictionary: (name) => library.dictionary(name) },
  marks: createMarks(handedKeys),
  edition: (reference) => library.edition(reference),
  round: (id) => library.round(id),
  pseudonyms: (round) => {
    const known = pseudonyms.get(round)
    if (!known) throw new TypeError(`The pseudonyms of round ${round} were not handed over.`)
    return known
  },
})
const reader = createRecordReader()

function take(message: Message): Reply | null {
  switch (message.kind) {
    case 'keys': {
      const kids = new Set(message.keys.map(({ kid }) => kid))
      // A key that is gone from the keyring must be gone here, with every session opened under it.
      if ([...keys.keys()].some((kid) => !kids.has(kid))) sessions.clear()
      keys.clear()
      for (const key of message.keys) keys.set(key.kid, key)
      return null
    }
    case 'edition':
      library.addEdition(message.questionnaire, message.layouts)
      return null
    case 'refused':
      library.refuseEdition(message.reference, message.type)
      return null
    case 'round':
      library.addRound(message.round)
      pseudonyms.set(message.round.id, roundPseudonyms(message.keys, message.round.id))
      return null
    case 'jobs': {
      spare.push(...message.spare)
      const heap = prepareHeap(bench(), message.jobs, spare)
      library.forgetHouseholds()
      return { kind: 'heap', number: message.number, heap }
    }
  }
}

parentPort?.on('message', (message: Message) => {
  try {
    const reply = take(message)
    if (reply) parentPort?.postMessage(reply, [])
  } catch (error) {
    const known = error instanceof ProblemError
    parentPort?.postMessage(
      {
        kind: 'failed',
        number: message.kind === 'jobs' ? message.number : 0,
        type: known ? error.type : null,
        detail: known ? error.detail : '',
      } satisfies Reply,
      [],
    )
  }
})

parentPort?.postMessage({ kind: 'ready' } satisfies Reply, [])
