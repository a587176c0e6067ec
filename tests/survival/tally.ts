export interface Tally {
  schedules: number
  faults: number
  records: number
  violations: number
}
