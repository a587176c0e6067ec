import { agency, attributes, dataflow, type SdmxCode, type SdmxDataset, structureDimensions } from './dataset.ts'

const named = (name: string) => ({ name, names: { en: name } })
const value = ({ id, name }: SdmxCode) => ({ id, ...named(name) })

/**
 * SDMX-JSON 2.1 data message, one series per key without time.
 * Empty arrays and `names` beside `name` stand here because known clients read them without asking.
 */
export function toSdmxJson({ observations, codes, prepared }: SdmxDataset, release: string): Readonly<Record<string, unknown>> {
  const seriesDimensions = structureDimensions.filter((id) => id !== 'TIME_PERIOD')
  const positions = new Map(
    structureDimensions.map((id) => [id, new Map((codes.get(id) ?? []).map(({ id: code }, index) => [code, index]))]),
  )
  const attributeValues = attributes.map((id) => [...new Set(observations.map((each) => attributeOf(each, id)))])
  const series: Record<string, { attributes: never[]; annotations: never[]; observations: Record<string, unknown[]> }> = {}
  for (const each of observations) {
    const key = seriesDimensions.map((id, index) => positions.get(id)?.get(each.key[index] ?? '') ?? 0).join(':')
    const time = String(positions.get('TIME_PERIOD')?.get(each.key.at(-1) ?? '') ?? 0)
    series[key] ??= { attributes: [], annotations: [], observations: {} }
    series[key].observations[time] = [
      each.value,
      ...attributes.map((id, index) => attributeValues[index]?.indexOf(attributeOf(each, id)) ?? 0),
    ]
  }
  const dimension = (id: string) => ({
    id,
    ...named(id),
    keyPosition: structureDimensions.findIndex((each) => each === id),
    ...(id === 'TIME_PERIOD' ? { roles: ['TIME_PERIOD'] } : {}),
    values: (codes.get(id) ?? []).map(value),
  })
  return {
    $schema: 'https://json.sdmx.org/2.1/sdmx-json-data-schema.json',
    meta: { id: release, prepared, test: false, contentLanguages: ['en'], sender: { id: agency } },
    data: {
      structures: [
        {
          dataSets: [0],
          ...named('Tala'),
          links: [
            { rel: 'dataflow', urn: `urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=${agency}:${dataflow.id}(${dataflow.version})` },
          ],
          dimensions: { dataSet: [], series: seriesDimensions.map(dimension), observation: [dimension('TIME_PERIOD')] },
          measures: { observation: [{ id: 'OBS_VALUE', ...named('Observation value'), format: { dataType: 'Double' } }] },
          attributes: {
            dataSet: [],
            dimensionGroup: [],
            series: [],
            observation: attributes.map((id, index) => ({
              id,
              ...named(id),
              relationship: { observation: {} },
              values: (attributeValues[index] ?? []).map((code) => ({ id: code, ...named(code) })),
            })),
          },
          annotations: [],
        },
      ],
      dataSets: [{ structure: 0, action: 'Replace', annotations: [], attributes: [], series }],
    },
  }
}

export function attributeOf(
  each: { readonly unit: string; readonly status: string; readonly confidentiality: string },
  id: (typeof attributes)[number],
): string {
  switch (id) {
    case 'UNIT_MEASURE':
      return each.unit
    case 'OBS_STATUS':
      return each.status
    case 'CONF_STATUS':
      return each.confidentiality
  }
}
