import { describe, expect, it } from 'vitest'
import { readSampleDesign } from '../../../aggregator/fieldwork/sample-design.ts'

describe('a sample design', () => {
  it('is read from areas with stratum, cluster and weight, and where known the clusters of the stratum', () => {
    const csv = 'area,stratum,cluster,weight,clusters\nA1,north,1,12.5,40\nA2,north,2,10,40\nB1,south,1,3,\nB2,south,2,3,\n'
    expect(readSampleDesign(csv)).toEqual({
      areas: [
        { area: 'A1', stratum: 'north', cluster: '1', weight: 12.5 },
        { area: 'A2', stratum: 'north', cluster: '2', weight: 10 },
        { area: 'B1', stratum: 'south', cluster: '1', weight: 3 },
        { area: 'B2', stratum: 'south', cluster: '2', weight: 3 },
      ],
      strata: [{ stratum: 'north', clusters: 40 }],
    })
  })

  it.each([
    ['a stratum with one cluster', 'area,stratum,cluster,weight\nA,s,c1,2\n', /single cluster/],
    ['a weight of zero', 'area,stratum,cluster,weight\nA,s,c1,0\n', /Line 2/],
    ['an area twice', 'area,stratum,cluster,weight\nA,s,c1,2\nA,s,c2,2\n', /twice/],
    ['nothing', 'area,stratum,cluster,weight\n', /no areas/],
    ['two numbers of clusters for a stratum', 'area,stratum,cluster,weight,clusters\nA,s,1,2,9\nB,s,2,2,8\n', /same number of clusters/],
    ['more clusters drawn than there are', 'area,stratum,cluster,weight,clusters\nA,s,1,2,1\nB,s,2,2,1\n', /at least the 2/],
  ])('is refused with %s', (_, csv, message) => {
    expect(() => readSampleDesign(csv)).toThrow(message)
  })
})
