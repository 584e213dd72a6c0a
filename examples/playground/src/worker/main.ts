import * as comlink from 'comlink'
import { TrainingService } from './training-service.ts'

comlink.expose(new TrainingService())
