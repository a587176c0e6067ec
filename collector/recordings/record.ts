import type { Sound } from '../../schemas/recordings/recordings.ts'

export interface Recording {
  /** Ends it and lets the microphone go. */
  stop(): Promise<Sound | undefined>
}

/** Enough for speech; a question of seven seconds is 14 kB. */
const bitsPerSecond = 16_000

/** Records from the microphone. @throws when the phone gives none. */
export async function recordSound(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } })
  const type = MediaRecorder.isTypeSupported('audio/webm;codecs=opus') ? 'audio/webm;codecs=opus' : 'audio/mp4'
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond })
  const chunks: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data))
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }))
  recorder.start()
  return {
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop()
      await ended
      for (const track of stream.getTracks()) track.stop()
      const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer())
      return bytes.length === 0 ? undefined : { type: type.startsWith('audio/webm') ? 'audio/webm' : 'audio/mp4', bytes }
    },
  }
}
