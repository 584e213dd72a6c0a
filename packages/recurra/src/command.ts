#!/usr/bin/env node
/**
 * The command `recurra`.
 */
import { main } from './command/main.ts'

await main(process.argv.slice(2))
