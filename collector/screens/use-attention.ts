import { useEffect } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'

/** Keeps the screen awake while an interview is open, and tells it how long the screen was away. */
export function useAttention(conduct: Conduct): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let leftAt: number | undefined
    let isOpen = true
    const stayAwake = async () => {
      // Refused when the battery is low; the interview goes on without.
      const granted = await navigator.wakeLock?.request('screen').catch(() => undefined)
      if (isOpen) lock = granted
      else void granted?.release()
    }
    const seen = () => {
      if (document.visibilityState === 'hidden') leftAt = Date.now()
      else {
        if (leftAt !== undefined) conduct.backAgain(Date.now() - leftAt)
        leftAt = undefined
        // The system takes the lock away with the screen.
        void stayAwake()
      }
    }
    document.addEventListener('visibilitychange', seen)
    void stayAwake()
    return () => {
      isOpen = false
      document.removeEventListener('visibilitychange', seen)
      void lock?.release()
    }
  }, [conduct])
}
