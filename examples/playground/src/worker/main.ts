import * as comlink from 'comlink'
import { TrainingService } from './training-service.ts'
import { VoiceService } from './voice-service.ts'

const services = { training: comlink.proxy(new TrainingService()), voice: comlink.proxy(new VoiceService()) }
/** What the page can call. */
export type Services = typeof services

comlink.expose(services)
