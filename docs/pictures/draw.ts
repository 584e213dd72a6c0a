import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { deepRnn } from './deep-rnn.ts'
import { packages } from './packages.ts'
import { trainingStep } from './training-step.ts'

/** The pictures of these pages by the name of their file. */
export const pictures: Readonly<Record<string, string>> = { 'deep-rnn.svg': deepRnn, 'packages.svg': packages, 'training-step.svg': trainingStep }

// npx tsx docs/pictures/draw.ts
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(new URL(name, import.meta.url), svg)
