export async function runProcesses(_seed: number, _count: number) {
  return { schedules: 0, faults: 0, records: 0, violations: 0 }
}
