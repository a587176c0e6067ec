import { agency, attributes, dataflow, type SdmxDataset, type SdmxObservation, structureDimensions } from './dataset.ts'
import { attributeOf } from './write-json.ts'

const schemas = 'http://www.sdmx.org/resources/sdmxml/schemas/v2_1'
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** SDMX-ML 2.1: what R's and Stata's readers take. A withheld figure has no value element and OBS_STATUS Q. */
export function toSdmxXml(dataset: SdmxDataset, release: string, kind: 'generic' | 'structure-specific'): string {
  const message = kind === 'generic' ? 'GenericData' : 'StructureSpecificData'
  const series = seriesOf(dataset.observations)
  return `<?xml version="1.0" encoding="UTF-8"?>
<mes:${message} xmlns:mes="${schemas}/message" xmlns:gen="${schemas}/data/generic" xmlns:ss="${schemas}/data/structurespecific" xmlns:com="${schemas}/common">
<mes:Header><mes:ID>${escapeXml(release)}</mes:ID><mes:Test>false</mes:Test><mes:Prepared>${escapeXml(dataset.prepared)}</mes:Prepared><mes:Sender id="${agency}"/>
<mes:Structure structureID="${dataflow.id}" dimensionAtObservation="TIME_PERIOD"><com:StructureUsage><Ref agencyID="${agency}" id="${dataflow.id}" version="${dataflow.version}"/></com:StructureUsage></mes:Structure></mes:Header>
${kind === 'generic' ? genericDataSet(series) : specificDataSet(series)}
</mes:${message}>
`
}

function seriesOf(observations: readonly SdmxObservation[]): ReadonlyMap<string, readonly SdmxObservation[]> {
  const series = new Map<string, SdmxObservation[]>()
  for (const each of observations) {
    const key = each.key.slice(0, -1).join('.')
    series.set(key, [...(series.get(key) ?? []), each])
  }
  return series
}

const keyOf = (observations: readonly SdmxObservation[]) =>
  structureDimensions.slice(0, -1).map((id, index) => ({ id, code: escapeXml(observations[0]?.key[index] ?? '') }))

function genericDataSet(series: ReadonlyMap<string, readonly SdmxObservation[]>): string {
  const one = (observations: readonly SdmxObservation[]) =>
    `<gen:Series><gen:SeriesKey>${keyOf(observations)
      .map(({ id, code }) => `<gen:Value id="${id}" value="${code}"/>`)
      .join('')}</gen:SeriesKey>${observations
      .map(
        (each) =>
          `<gen:Obs><gen:ObsDimension value="${escapeXml(each.key.at(-1) ?? '')}"/>${each.value === null ? '' : `<gen:ObsValue value="${each.value}"/>`}<gen:Attributes>${attributes
            .map((id) => `<gen:Value id="${id}" value="${escapeXml(attributeOf(each, id))}"/>`)
            .join('')}</gen:Attributes></gen:Obs>`,
      )
      .join('')}</gen:Series>`
  return `<mes:DataSet structureRef="${dataflow.id}" action="Replace">\n${[...series.values()].map(one).join('\n')}\n</mes:DataSet>`
}

function specificDataSet(series: ReadonlyMap<string, readonly SdmxObservation[]>): string {
  const one = (observations: readonly SdmxObservation[]) =>
    `<Series ${keyOf(observations)
      .map(({ id, code }) => `${id}="${code}"`)
      .join(' ')}>${observations
      .map(
        (each) =>
          `<Obs TIME_PERIOD="${escapeXml(each.key.at(-1) ?? '')}"${each.value === null ? '' : ` OBS_VALUE="${each.value}"`} ${attributes.map((id) => `${id}="${escapeXml(attributeOf(each, id))}"`).join(' ')}/>`,
      )
      .join('')}</Series>`
  return `<mes:DataSet ss:structureRef="${dataflow.id}" action="Replace">\n${[...series.values()].map(one).join('\n')}\n</mes:DataSet>`
}
