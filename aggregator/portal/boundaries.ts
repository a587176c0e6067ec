import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A ring of [longitude, latitude]. */
type Ring = readonly (readonly [number, number])[]
export type Geometry =
  | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] }

/** Shapes of areas by their code. */
export type Boundaries = ReadonlyMap<string, Geometry>

/** Above this a page would outgrow a phone's patience: simplify the file first (docs/guides/administrator.md says how). */
const mostBytes = 400_000

/**
 * Boundaries that a deployment laid into its data folder: `boundaries.geojson`, a FeatureCollection in longitude and latitude
 * whose features carry the area's code as `properties.code`. Null when there is none.
 * @throws RangeError when the file is too large for phones or not of that form.
 */
export async function readBoundaries(dataFolder: string): Promise<Boundaries | null> {
  const bytes = await readFile(join(dataFolder, 'boundaries.geojson')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return bytes && parseBoundaries(bytes)
}

export function parseBoundaries(bytes: Buffer): Boundaries {
  if (bytes.length > mostBytes)
    throw new RangeError(`boundaries.geojson has ${bytes.length} bytes; simplify it below ${mostBytes}, so that maps open on a phone.`)
  const collection: unknown = JSON.parse(bytes.toString('utf8'))
  const features = isRecord(collection) && Array.isArray(collection['features']) ? (collection['features'] as unknown[]) : []
  const shapes = new Map<string, Geometry>()
  for (const feature of features) {
    const { properties, geometry } = isRecord(feature) ? feature : {}
    const code = isRecord(properties) ? properties['code'] : undefined
    if ((typeof code !== 'string' && typeof code !== 'number') || !isGeometry(geometry)) continue
    shapes.set(String(code), geometry)
  }
  if (shapes.size === 0) throw new RangeError('boundaries.geojson needs polygons with properties.code, the code of the area register.')
  return shapes
}

function isGeometry(value: unknown): value is Geometry {
  return isRecord(value) && (value['type'] === 'Polygon' || value['type'] === 'MultiPolygon') && Array.isArray(value['coordinates'])
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
