import { ValueError } from '@recurra/tensor'
import { readText } from './read-file.ts'

/**
 * What a JSON file says.
 * @throws `ValueError` if it cannot be read, or is no JSON.
 */
export const readJson = (path: string, fix = 'The file is damaged; get it again from where it came.'): unknown => {
  const text = readText(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ValueError({ where: path, expected: 'JSON', got: `invalid JSON (${(error as Error).message})`, fix })
  }
}
