import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { promptsOf, writeRecordings } from '../../schemas/recordings/recordings.ts'
import { play } from '../recordings/play.ts'
import { recordSound, type Recording } from '../recordings/record.ts'
import { openStudio, type Studio } from '../recordings/studio.ts'
import { Icon } from './icons.tsx'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

interface RecorderProps {
  readonly questionnaire: Questionnaire
  readonly onBack: () => void
}

/** A local speaker reads the questions and answers, one sentence after the other; what is said stays here and goes out as one file. */
export function Recorder({ questionnaire, onBack }: RecorderProps): JSX.Element {
  const { t } = useWords()
  const [language, setLanguage] = useState<string>()
  if (language !== undefined) return <Sentences questionnaire={questionnaire} language={language} onBack={() => setLanguage(undefined)} />
  return (
    <Page title={t('voice.title')} onBack={onBack}>
      <p>{t('voice.words')}</p>
      <h2>{t('voice.which')}</h2>
      {questionnaire.languages.map(({ code, name, direction }) => (
        <button key={code} type="button" class="plain wide" lang={code} dir={direction} onClick={() => setLanguage(code)}>
          {name}
        </button>
      ))}
    </Page>
  )
}

function Sentences({ questionnaire, language, onBack }: RecorderProps & { readonly language: string }): JSX.Element | null {
  const { t } = useWords()
  const prompts = promptsOf(questionnaire, language)
  const [studio, setStudio] = useState<Studio>()
  const [at, setAt] = useState(0)
  const [isRunning, setRunning] = useState(false)
  const [isRefused, setRefused] = useState(false)
  const running = useRef<Recording | undefined>(undefined)
  const look = async () => {
    const opened = await openStudio(questionnaire.id, language)
    setStudio(opened)
    return opened
  }
  useEffect(() => {
    void look().then((opened) => {
      const open = prompts.findIndex(({ key }) => !opened.has(key))
      setAt(open === -1 ? 0 : open)
    })
    return () => void running.current?.stop()
  }, [])
  const prompt = prompts[at]
  if (!studio || !prompt) return null
  const isRecorded = studio.has(prompt.key)
  const start = async () => {
    setRefused(false)
    try {
      running.current = await recordSound()
      setRunning(true)
    } catch {
      setRefused(true)
    }
  }
  const stop = async () => {
    const sound = await running.current?.stop()
    running.current = undefined
    setRunning(false)
    if (!sound) return
    await studio.keep(prompt.key, sound)
    await look()
  }
  const hear = async () => {
    const sound = await studio.sound(prompt.key)
    if (sound) await play(new Blob([sound.bytes.slice().buffer], { type: sound.type }))
  }
  const save = async () => {
    const file = writeRecordings({ questionnaire: questionnaire.id, language, sounds: await studio.all() })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([file.slice().buffer], { type: 'application/x-tar' }))
    link.download = `recordings-${questionnaire.id}-${language}.tar`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const done = prompts.filter(({ key }) => studio.has(key)).length
  return (
    <Page
      key={prompt.key}
      title={prompt.text}
      onBack={at === 0 || isRunning ? onBack : () => setAt(at - 1)}
      {...(at < prompts.length - 1 && !isRunning && { nextLabel: t('app.next'), onNext: () => setAt(at + 1) })}
    >
      <p class="aside">
        {t('respondent.item', { number: at + 1, count: prompts.length })} · {t('voice.done', { done, all: prompts.length })}
      </p>
      <button type="button" class="go wide" onClick={() => void (isRunning ? stop() : start())}>
        <Icon name={isRunning ? 'stop' : 'aloud'} />
        {t(isRunning ? 'voice.stop' : isRecorded ? 'voice.again' : 'voice.start')}
      </button>
      {isRecorded && !isRunning && (
        <button type="button" class="plain wide" onClick={() => void hear()}>
          {t('voice.play')}
        </button>
      )}
      <Notice text={isRefused ? t('voice.no-microphone') : undefined} />
      {done > 0 && !isRunning && (
        <button type="button" class="plain wide" onClick={() => void save()}>
          {t('voice.save')}
        </button>
      )}
    </Page>
  )
}
