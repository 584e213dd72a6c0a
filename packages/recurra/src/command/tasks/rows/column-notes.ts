import type { Column } from '../../data/column.ts'
import type { Note } from '../task.ts'

/** What is to be said of the columns that are read, once for those of which the same is. */
export const columnNotes = (columns: readonly Column[]): Note[] => {
  const by = new Map<string, string[]>()
  for (const { name, notes } of columns) for (const note of notes) by.set(note, [...(by.get(note) ?? []), name])
  return [...by].map(([note, names]) => ({ text: `${names.join(', ')}: ${note}`, figures: { columns: names } }))
}
