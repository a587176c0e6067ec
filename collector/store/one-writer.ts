/**
 * Lets one tab at a time write this phone's stores. Resolves at once when this tab is the one; otherwise calls `onElsewhere` and waits its turn.
 * The lock is held until the tab closes, however it closes.
 */
export function becomeWriter(onElsewhere: () => void, locks: LockManager = navigator.locks): Promise<void> {
  return new Promise((resolve, reject) => {
    const forever = () => new Promise<never>(() => {})
    const hold = (lock: Lock | null): Promise<never> | undefined => {
      if (lock) {
        resolve()
        return forever()
      }
      onElsewhere()
      locks.request(name, hold).catch(reject)
      return undefined
    }
    locks.request(name, { ifAvailable: true }, hold).catch(reject)
  })
}

const name = 'tala-phone'
