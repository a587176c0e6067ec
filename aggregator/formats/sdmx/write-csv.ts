import { stringify } from 'csv-stringify/sync'
import { agency, attributes, dataflow, type SdmxDataset, structureDimensions } from './dataset.ts'

/** SDMX-CSV 2.x; action R, replace. A withheld figure is `NaN`, the standard's "missing on purpose", with OBS_STATUS Q. */
export function toSdmxCsv({ observations }: SdmxDataset): string {
  return stringify([
    ['STRUCTURE', 'STRUCTURE_ID', 'ACTION', ...structureDimensions, 'OBS_VALUE', ...attributes],
    ...observations.map(({ key, value, unit, status, confidentiality }) => [
      'dataflow',
      `${agency}:${dataflow.id}(${dataflow.version})`,
      'R',
      ...key,
      value === null ? 'NaN' : value,
      unit,
      status,
      confidentiality,
    ]),
  ])
}
