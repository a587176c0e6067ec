// Some libraries between here and the store turn these names into inherited fields.
const dangerous = new Set(['__proto__', 'constructor', 'prototype'])

/** True when the parsed JSON nests at most `depth` levels and has no member that could reach an object's prototype. */
export function isPlainJson(value: unknown, depth = 16): boolean {
  let level: unknown[] = [value]
  for (let at = 0; level.length > 0; at += 1) {
    if (at > depth) return false
    const next: unknown[] = []
    for (const each of level) {
      if (typeof each !== 'object' || each === null) continue
      if (!Array.isArray(each) && Object.keys(each).some((name) => dangerous.has(name))) return false
      for (const inner of Object.values(each)) if (typeof inner === 'object' && inner !== null) next.push(inner)
    }
    level = next
  }
  return true
}
