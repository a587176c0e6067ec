import { expect, it } from 'vitest'
import { corridorFlows } from '../../../aggregator/indicators/corridors.ts'
import { addHomes, householdQuestionnaire, openVillage, round } from './village.ts'

it('counts who went where: out by the area of the home, in by the country they came from, at every level of areas', async () => {
  const { connection, close } = await openVillage()
  await addHomes(connection, [
    {
      area: 'P1A1',
      people: [
        { B06: '3', B03: 'F', B12: 'SAU' },
        { B06: '3', B03: 'M', B12: 'SAU' },
        { B06: '1', B03: 'F', C08: 'KWT' },
      ],
    },
    {
      area: 'P1B1',
      people: [
        { B06: '3', B03: 'F', B12: '98' },
        { B06: '1', B03: 'F' },
      ],
    },
  ])
  const flows = await corridorFlows(connection, await householdQuestionnaire(), round)
  expect(flows.filter(({ origin, destination }) => [origin, destination].some((each) => ['P1', 'P1A1', 'P1B'].includes(each)))).toEqual([
    { direction: 'out', origin: 'P1', destination: 'SAU', people: 2, women: 1 },
    { direction: 'out', origin: 'P1A1', destination: 'SAU', people: 2, women: 1 },
    { direction: 'in', origin: 'KWT', destination: 'P1', people: 1, women: 1 },
    { direction: 'in', origin: 'KWT', destination: 'P1A1', people: 1, women: 1 },
    { direction: 'out', origin: 'P1', destination: '_U', people: 1, women: 1 },
    { direction: 'out', origin: 'P1B', destination: '_U', people: 1, women: 1 },
  ])
  close()
})
