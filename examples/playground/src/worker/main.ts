import * as comlink from 'comlink'
import { Classroom } from './classroom.ts'

comlink.expose(new Classroom())
