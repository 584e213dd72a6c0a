import type { Sequential, Signal } from '@recurra/layers'
import type { Data, Loss } from '@recurra/training'
import type { Parsed } from '../../terminal/options.ts'
import type { TableSource } from '../data/read-table.ts'
import type { Table } from '../data/table.ts'
import type { Flag } from '../flags.ts'
import type { LeftOut, Note } from '../notes.ts'
import type { Defaults, Settings } from '../training/settings.ts'
import type { Baseline } from './baselines/baseline.ts'
import type { TextWriting } from './text-writing.ts'

/** Data to measure on, and what must be known of it. */
export interface Measurable {
  readonly notes?: readonly Note[]
}

/** The shape of the network that a task needs. */
export interface NetworkShape {
  /** What goes in. */
  readonly input: Signal
  /** How many numbers come out, */
  readonly size: number
  /** and whether at every step or once, at the end. */
  readonly once?: boolean
  /** Whether it says 0 before it has learned anything: what it says is added to another forecast. */
  readonly fromZero?: boolean
}

/** The dataset in a file. */
export interface TaskDataset<Codec = unknown, HeldOut extends Measurable = Measurable> extends NetworkShape {
  /** What is needed to understand further data: symbols, labels, columns. Plain data, kept in the run. */
  readonly codec: Codec
  readonly train: Data
  /** What chooses the best model on the way. */
  readonly validation: Data
  /** What the best model is measured on. */
  readonly test: HeldOut
  /** Learns what the model is compared with, from the same data. */
  baselines?(): readonly Baseline<HeldOut>[]
  /** Settings that suit the size of the data; before those of the task. */
  readonly defaults?: Partial<Defaults>
  /** What a step of a sequence is: `characters`. */
  readonly unit: string
  /** The data in a line. */
  readonly about: string
  /** What was left out of it, cut, or replaced. */
  readonly notes?: readonly Note[]
  /** The columns that are not used. */
  readonly leftOut?: readonly LeftOut[]
}

/** What was measured, by name, and in words. */
export interface TaskMeasurement {
  readonly figures: Readonly<Record<string, unknown>>
  readonly text: string
  /** What a reader must know first. */
  readonly verdict?: string
  /** For the report: draws pieces of HTML. */
  readonly pictures?: () => readonly string[] | Promise<readonly string[]>
}

/** Where `recurra serve` answers requests of a task. */
export interface Endpoint<Codec> {
  /** The path, such as `/predict`. Tasks may share one, since a server has one run. */
  readonly path: `/${string}`
  /** Rows that a run can be asked about, for OpenAPI and the page. Default: the task reads no rows. */
  example?(codec: Codec): object
}

/**
 * A task that a file can be used for. A new one is a file with a `Task`, and its name in `tasks.ts`: `recurra train`,
 * `predict`, `sample`, `export` and `serve` read all they need from it. Its functions are declared as methods, so that
 * a task with a codec of its own is a `Task`, too: what it gave comes back to it alone.
 */
export interface Task<Codec = unknown, HeldOut extends Measurable = Measurable> {
  /** What it is, for the help of `--task`: `the class of each row`. */
  readonly about: string
  /** The flags of a training that it alone has. */
  readonly flags?: Readonly<Record<string, Flag>>
  /** Of the flags that some tasks share, those that it heeds. Every task heeds all that are not named by any. */
  readonly heeds: readonly string[]
  /** The settings for which other values suit it than most tasks. */
  readonly defaults?: Partial<Defaults>
  /** Whether its datasets have baselines, so that a file is read once more to learn them. */
  readonly compares?: boolean
  /** The values of `--missing` that suit it. Default: only 'error'. */
  readonly missing?: readonly string[]
  /**
   * How well a table suits it, from 0 to 1: where no task is named, the one that it suits best is proposed. Default: it
   * reads no tables.
   */
  readonly suits?: (table: Table) => number
  /** The loss to minimize. */
  loss(codec: Codec): Loss
  /** Reads a file to learn from. */
  dataset(file: string, args: Parsed, settings: Settings): TaskDataset<Codec, HeldOut>
  /** Looks at what was kept; a typed error if it is not that. */
  codecOf(kept: unknown): Codec
  /** A validation loss in words: `2.13 bits per character`. */
  lossInWords(loss: number, codec: Codec): string
  /** Measures a model on a file, or on data that was held out, and compares it with baselines. */
  measure(
    model: Sequential, data: HeldOut, codec: Codec, baselines?: readonly Baseline<HeldOut>[],
  ): Promise<TaskMeasurement>
  /** Another file as data to measure on; `args` may name its columns. */
  dataOf(file: string, codec: Codec, settings: Settings, args: Parsed): HeldOut
  /** What must be added to the network alone to use it, in words; nothing if `to` brings that along. */
  aroundTheNetwork?(codec: Codec, to: string): string | undefined
  /** How `recurra serve` offers it. */
  readonly endpoint: Endpoint<Codec>
  /** Between text and tokens, of a model that generates text. */
  writing?(codec: Codec): TextWriting
  /** What the model says to a file: lines for people, values for machines. */
  predict?(
    model: Sequential, file: TableSource, codec: Codec, settings: Settings, options: TaskPredictOptions,
  ): AsyncIterable<PredictedItem>
}

/** What else a prediction depends on. */
export interface TaskPredictOptions {
  /** How many rows of a series; what suits the run without it. */
  readonly length: number | undefined
  /** The flags of the command, which may name columns. */
  readonly args: Parsed
  /** Takes what must be known of the file. */
  readonly note: (note: Note) => void
}

/** One thing that a model says. */
export interface PredictedItem {
  readonly line: string
  readonly value: object
  /** Whether it names what the others have in their columns. */
  readonly header?: boolean
}
