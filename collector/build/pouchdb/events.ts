type Listener = (this: object, ...values: unknown[]) => void
interface Listening {
  readonly listener: Listener
  readonly isOnce: boolean
}

// By emitter and not in it: PouchDB's own constructors do not call this one.
const all = new WeakMap<object, Map<string, readonly Listening[]>>()
const listening = (emitter: object, type: string) => all.get(emitter)?.get(type) ?? []

function listen(emitter: object, type: string, change: (before: readonly Listening[]) => readonly Listening[]): object {
  const types = all.get(emitter) ?? new Map<string, readonly Listening[]>()
  all.set(emitter, types.set(type, change(listening(emitter, type))))
  return emitter
}

/** As much of Node's emitter as PouchDB asks for. */
// oxlint-disable-next-line typescript/no-extraneous-class -- PouchDB's classes extend it
export default class EventEmitter {}

// Assigned, because PouchDB lists the prototype's members to lend them to its constructor.
Object.assign(EventEmitter.prototype, {
  on(this: object, type: string, listener: Listener) {
    return listen(this, type, (before) => [...before, { listener, isOnce: false }])
  },
  once(this: object, type: string, listener: Listener) {
    return listen(this, type, (before) => [...before, { listener, isOnce: true }])
  },
  removeListener(this: object, type: string, listener: Listener) {
    return listen(this, type, (before) => before.filter((each) => each.listener !== listener))
  },
  removeAllListeners(this: object, type: string) {
    return listen(this, type, () => [])
  },
  listeners(this: object, type: string) {
    return listening(this, type).map(({ listener }) => listener)
  },
  listenerCount(this: object, type: string) {
    return listening(this, type).length
  },
  emit(this: object, type: string, ...values: readonly unknown[]) {
    const called = listening(this, type)
    if (type === 'error' && called.length === 0) throw values[0]
    for (const { listener, isOnce } of called) {
      if (isOnce) listen(this, type, (before) => before.filter((each) => each.listener !== listener))
      listener.apply(this, [...values])
    }
    return called.length > 0
  },
})
