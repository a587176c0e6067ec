import { agency, attributes, dataflow, type SdmxDataset, structure, structureDimensions } from './dataset.ts'

const named = (name: string) => ({ name, names: { en: name } })
const version = structure.version
const concept = (id: string) => `urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=${agency}:CS_TALA(${version}).${id}`
const list = (id: string) => `urn:sdmx:org.sdmx.infomodel.codelist.Codelist=${agency}:CL_${id}(${version})`

/** SDMX-JSON 2.1 structure message: the dataflow, its structure, concepts, and the code lists as far as codes are in use. */
export function toSdmxStructure({ codes, prepared }: SdmxDataset): Readonly<Record<string, unknown>> {
  const coded = structureDimensions.filter((id) => id !== 'TIME_PERIOD')
  return {
    $schema: 'https://json.sdmx.org/2.1/sdmx-json-structure-schema.json',
    meta: { id: 'structure', prepared, test: false, contentLanguages: ['en'], sender: { id: agency } },
    data: {
      codelists: coded.map((id) => ({
        id: `CL_${id}`,
        agencyID: agency,
        version,
        ...named(id),
        codes: (codes.get(id) ?? []).map((each) => ({ id: each.id, ...named(each.name) })),
      })),
      conceptSchemes: [
        {
          id: 'CS_TALA',
          agencyID: agency,
          version,
          ...named('Concepts'),
          concepts: [...structureDimensions, 'OBS_VALUE', ...attributes].map((id) => ({ id, ...named(id) })),
        },
      ],
      dataStructures: [
        {
          id: structure.id,
          agencyID: agency,
          version,
          ...named('Tala indicators'),
          dataStructureComponents: {
            dimensionList: {
              id: 'DimensionDescriptor',
              dimensions: coded.map((id, position) => ({
                id,
                position,
                conceptIdentity: concept(id),
                localRepresentation: { enumeration: list(id) },
              })),
              timeDimension: {
                id: 'TIME_PERIOD',
                conceptIdentity: concept('TIME_PERIOD'),
                localRepresentation: { format: { dataType: 'ObservationalTimePeriod' } },
              },
            },
            measureList: {
              id: 'MeasureDescriptor',
              measures: [
                {
                  id: 'OBS_VALUE',
                  conceptIdentity: concept('OBS_VALUE'),
                  usage: 'optional',
                  localRepresentation: { format: { dataType: 'Double' } },
                },
              ],
            },
            attributeList: {
              id: 'AttributeDescriptor',
              attributes: attributes.map((id) => ({
                id,
                conceptIdentity: concept(id),
                usage: 'mandatory',
                attributeRelationship: { observation: {} },
                localRepresentation: { format: { dataType: 'String' } },
              })),
            },
          },
        },
      ],
      dataflows: [
        {
          id: dataflow.id,
          agencyID: agency,
          version: dataflow.version,
          ...named('Tala indicators'),
          structure: `urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=${agency}:${structure.id}(${version})`,
        },
      ],
    },
  }
}
