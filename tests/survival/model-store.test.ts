import { describeInboxStore } from '../contracts/inbox-store.ts'
import { ModelStore } from './model-store.ts'

describeInboxStore('the model of simulated servers', async () => new ModelStore())
