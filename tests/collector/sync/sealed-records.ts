import { createForm } from '../../../schemas/interview/create-form.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import { complete } from '../../../collector/store/complete.ts'
import { cryptoRandom, recordId, withdrawalCode } from '../../../collector/store/record-id.ts'
import type { Draft } from '../../../collector/phone.ts'
import type { Device } from '../../../collector/sync/device.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'

/** Names planted in every made-up interview; no byte that leaves the phone may hold them. */
export const planted = { name: 'Amihan Dimaculangan', home: '17-B Sampaguita', phone: '09170001234' } as const

/** An open interview of two people with everything a household would not want told. */
export function draftOf(questionnaire: Questionnaire, device: string, more: Partial<Draft> = {}): Draft {
  const { id, version, sha256 } = questionnaire
  return {
    id: recordId(device, Date.now(), cryptoRandom),
    kind: 'interview',
    questionnaire: { id, version, sha256 },
    area: '1234567890',
    started: '2026-03-01T08:00:00+08:00',
    updated: '2026-03-01T08:40:00+08:00',
    answers: {
      home_number: planted.home,
      consent_interview: '1',
      consent_recontact: '0',
      consent_mode: '1',
      phone_number: planted.phone,
      rooms: 3,
      person: [
        { _id: 'p1', name: planted.name, sex: 'F', age: 34, lived_abroad: '1' },
        { _id: 'p2', name: 'Bayani Dimaculangan', sex: 'M', age: 9, lived_abroad: '0' },
      ],
    },
    place: { screen: 'summary' },
    interfaceLanguage: 'en',
    questionLanguage: 'en',
    overrides: [],
    secondsByQuestion: { rooms: 4.4, name: 12 },
    edits: 1,
    interruptions: 0,
    practice: false,
    ...more,
  }
}

export const noon = '2026-03-01T08:45:00+08:00'

/** Sealed records of an enrolled device, as many as wanted. */
export async function sealedRecords(device: Device, count: number): Promise<readonly SealedRecord[]> {
  const [enrolment, questionnaire] = [await device.enrolment(), await device.questionnaire()]
  if (!enrolment || !questionnaire) throw new Error('Enrol the device and sync it first.')
  const form = createForm(questionnaire, { today: '2026-03-01', now: noon })
  const sealer = await createSealer(questionnaire, enrolment.keys)
  const records = []
  for (let each = 0; each < count; each++) {
    const completion = {
      round: enrolment.round.id,
      device: enrolment.deviceId,
      finished: noon,
      appVersion: 'test',
      withdrawalCode: withdrawalCode(cryptoRandom),
    }
    const { interview, identity } = complete(draftOf(questionnaire, enrolment.deviceId), form, completion)
    records.push(await sealer.seal(interview, identity))
  }
  return records
}
