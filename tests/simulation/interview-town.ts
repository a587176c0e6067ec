import type { Device } from '../../collector/sync/device.ts'
import type { Enrolment } from '../../collector/sync/enrolment.ts'
import { createSealer } from '../../collector/vault/seal-record.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import { roundContext } from '../../schemas/interview/round-context.ts'
import { finishVisit } from './door.ts'
import { interview } from './interviewer.ts'
import type { Household } from './people.ts'
import type { Random } from './random.ts'

interface Phone {
  readonly device: Device
  readonly enrolment: Enrolment
}

interface Field {
  readonly random: Random
  readonly now: Date
  readonly homeCountry: string
  readonly onDone: (done: number) => void
}

/** Visits every household with the phones in turn: answers by the form engine, seals, puts into the outbox. Nothing is sent yet. */
export async function interviewTown(town: readonly Household[], phones: readonly Phone[], { random, now, homeCountry, onDone }: Field) {
  const today = { year: now.getFullYear(), month: now.getMonth() + 1 }
  const kits = await Promise.all(phones.map((phone) => kitOf(phone, now)))
  let finished = 0
  let persons = 0
  for (const [index, household] of town.entries()) {
    const kit = kits[index % kits.length]
    if (!kit) throw new RangeError('no phone to interview with')
    const answers = interview(kit.form, household, { today, homeCountry, random }, () =>
      random.text(12, 'abcdefghijkmnpqrstuvwxyz23456789'),
    )
    const minutes = 14 + household.people.length * 7 + random.whole(0, 9)
    const started = isoLocal(new Date(now.getTime() - minutes * 60_000))
    const visit = {
      ...kit,
      area: household.area,
      started,
      finished: isoLocal(now),
      languages: { interface: 'fil', questions: random.chance(0.6) ? 'fil' : 'en' },
    }
    const { interview: document, identity, code } = finishVisit(visit, answers)
    await kit.device.put(await kit.sealer.seal(document, identity), { label: household.number, withdrawalCode: code })
    finished++
    persons += household.agrees ? household.people.length : 0
    onDone(finished)
  }
  return { finished, persons }
}

async function kitOf({ device, enrolment }: Phone, now: Date) {
  const questionnaire = await device.questionnaire()
  if (!questionnaire) throw new Error('the phone has no questionnaire after its first sync')
  const form = createForm(questionnaire, roundContext(enrolment.round, isoLocal(now).slice(0, 10), isoLocal(now)))
  return { device, enrolment, questionnaire, form, sealer: await createSealer(questionnaire, enrolment.keys) }
}

/** Local time with offset, ISO 8601 to the second. */
function isoLocal(date: Date): string {
  const offset = -date.getTimezoneOffset()
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19)
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(Math.abs(offset) % 60)}`
}
