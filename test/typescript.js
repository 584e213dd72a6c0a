// Lets Node import TypeScript: node --import ./test/typescript.js
import { register } from 'node:module'

register('./typescript-hooks.js', import.meta.url)
