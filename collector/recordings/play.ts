const playing = new Set<HTMLAudioElement>()

/** Ends whatever is heard: on Next, and before the next sound. */
export function hush(): void {
  for (const audio of playing) {
    audio.pause()
    audio.dispatchEvent(new Event('ended'))
  }
}

/** Plays one sound from its start, alone. @returns when it ended, was stopped, or could not be played. */
export async function play(sound: Blob): Promise<void> {
  hush()
  const url = URL.createObjectURL(sound)
  const audio = new Audio(url)
  playing.add(audio)
  try {
    await new Promise<void>((resolve) => {
      audio.addEventListener('ended', () => resolve(), { once: true })
      audio.addEventListener('error', () => resolve(), { once: true })
      audio.play().catch(() => resolve())
    })
  } finally {
    playing.delete(audio)
    URL.revokeObjectURL(url)
  }
}
