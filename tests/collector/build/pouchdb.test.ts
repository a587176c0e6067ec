import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { preprocessAttachments } from '../../../collector/build/pouchdb/adapter-utils.ts'
import withoutFilters from '../../../collector/build/pouchdb/changes-filter.ts'
import Emitter from '../../../collector/build/pouchdb/events.ts'
import { leftOut, withoutUnusedMethods } from '../../../collector/build/pouchdb/leave-out.ts'
import { stringMd5 } from '../../../collector/build/pouchdb/md5.ts'

// The survival suites run PouchDB with these parts in a real browser; here is only what they replace.

describe('PouchDB on the phone', () => {
  it('gives no revision a name: every record brings its own', () => {
    expect(() => stringMd5()).toThrow('comes with its own')
  })

  it('refuses a filter instead of passing it over', () => {
    const plugged: { _changesFilterPlugin?: object } = {}
    withoutFilters(plugged)
    const { validate } = plugged._changesFilterPlugin as { validate: (asked: object, done: (error?: Error) => void) => void }
    const answerTo = (asked: object) => {
      let error: Error | undefined
      validate(asked, (given) => (error = given))
      return error?.message
    }
    expect(answerTo({ since: 0, filter: undefined })).toBeUndefined()
    expect(answerTo({ filter: '_view' })).toContain('without filters')
    expect(answerTo({ selector: {} })).toContain('without filters')
  })

  it('refuses a document with an attachment', () => {
    expect(() => preprocessAttachments([{ data: { _attachments: {} } }], 'binary', () => {})).toThrow('without attachments')
  })

  it('keeps every method that the phone calls', () => {
    for (const used of ['put', 'allDocs', 'info', 'destroy', 'close', 'get', 'bulkDocs'])
      expect(leftOut['pouchdb-core']).not.toContain(used)
  })

  it('stops the build when PouchDB no longer has a method that is left out', () => {
    const { transform } = withoutUnusedMethods() as { transform: (this: object, code: string, id: string) => { code: string } }
    const build = {
      parse: parseAst,
      error: (message: string) => {
        throw new Error(message)
      },
    }
    const of = (code: string) => transform.call(build, code, '/node_modules/pouchdb-adapter-idb/lib/index.es.js')
    expect(() => of('api._changes = 1')).toThrow('pouchdb-adapter-idb has no _getAttachment')
    const all = (leftOut['pouchdb-adapter-idb'] ?? []).map((name) => `api.${name} = function () {};`).join('\n')
    expect(of(`${all}\napi._get = 1;`).code.trim()).toBe('api._get = 1;')
  })
})

describe('the emitter that PouchDB gets instead of the one of Node', () => {
  it.each(['on', 'once', 'removeListener', 'removeAllListeners', 'listeners', 'listenerCount', 'emit'])(
    'has %s as the other has',
    (name) => {
      expect(Object.keys(Emitter.prototype)).toContain(name)
    },
  )

  it('tells the same listeners in the same order as Node, whatever they add, remove and emit', () => {
    const step = fc.record({
      act: fc.constantFrom('on', 'once', 'emit', 'removeListener', 'removeAllListeners', 'listenerCount'),
      type: fc.constantFrom('a', 'b'),
      who: fc.nat(2),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [ours, theirs] = [new Emitter(), new EventEmitter()].map((emitter) => told(emitter as unknown as EventEmitter, steps))
        expect(ours).toEqual(theirs)
      }),
    )
  })

  it('throws an error that nobody hears', () => {
    expect(() => (new Emitter() as EventEmitter).emit('error', new Error('unheard'))).toThrow('unheard')
  })
})

interface Step {
  readonly act: 'on' | 'once' | 'emit' | 'removeListener' | 'removeAllListeners' | 'listenerCount'
  readonly type: string
  readonly who: number
}

/** What three listeners hear, and what the emitter answers. */
function told(emitter: EventEmitter, steps: readonly Step[]): readonly unknown[] {
  const heard: unknown[] = []
  const listeners = [0, 1, 2].map((who) => (value: unknown) => void heard.push([who, value]))
  const isAdded = new Set<string>()
  for (const [at, { act, type, who }] of steps.entries()) {
    const listener = listeners[who] ?? (() => {})
    // The same listener twice is nothing that PouchDB does, and the two differ in it.
    if (act === 'on' || act === 'once') {
      if (!isAdded.has(`${type}${who}`)) emitter[act](type, listener)
      isAdded.add(`${type}${who}`)
    } else if (act === 'emit') heard.push(emitter.emit(type, at))
    else if (act === 'removeListener') emitter.removeListener(type, listener)
    else if (act === 'removeAllListeners') emitter.removeAllListeners(type)
    else heard.push(emitter.listenerCount(type))
  }
  return heard
}
