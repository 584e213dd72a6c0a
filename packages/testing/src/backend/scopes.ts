import type { Kernel, Profile } from '@recurra/backend'
import { formula } from '@recurra/formula'
import type { Tensor } from '@recurra/tensor'
import { describe, expect, vi, type MockInstance } from 'vitest'
import { checks, numbersOf, type MakeBackend } from './checks.ts'

/** A clock that moves at each look: that of a page stands still for 0.1 ms, longer than a short kernel takes. */
const movingClock = (): MockInstance => {
  let now = 0
  return vi.spyOn(performance, 'now').mockImplementation(() => now++)
}

const double = formula({ element: ['x'] }, ({ x }) => ({ y: x.add(x) }))

/** What is planned in a scope can be measured and freed. */
export const describeScopes = (make: MakeBackend): void =>
  void describe('scopes', () => {
    const check = checks(make)
    check('give what was made, and how much memory it took', async (backend) => {
      const bytes = 100 * (backend.dtype === 'float32' ? 4 : 8) + 10 * 4
      using scope = backend.scope(() => [backend.zeros([10, 10]), backend.indices([10])] as const)
      expect(scope.value[0].shape).toEqual([10, 10])
      expect(scope.bytes).toBeGreaterThanOrEqual(bytes)
      expect(scope.bytes).toBeLessThan(2 * bytes + 1024)
    })

    check('give memory back, which is zero again for the next, and leave the rest alone', async (backend) => {
      const kept = backend.zeros([64])
      backend.write(kept, Array.from({ length: 64 }, (_, i) => i))
      for (let i = 0; i < 20; i++) {
        const scope = backend.scope(() => backend.zeros([32, 32]))
        expect((await numbersOf(backend, scope.value)).every((value) => value === 0)).toBe(true)
        backend.write(scope.value, Array.from({ length: 1024 }, () => 7))
        scope[Symbol.dispose]()
      }
      expect(await numbersOf(backend, kept)).toEqual(Array.from({ length: 64 }, (_, i) => i))
    })

    check('may be disposed of twice, and lie in each other', async (backend) => {
      const outer = backend.scope(() => {
        const inner = backend.scope(() => backend.zeros([8]))
        inner[Symbol.dispose]()
        return backend.zeros([8])
      })
      const [other] = [backend.zeros([8])]
      backend.write(other, [1, 2, 3, 4, 5, 6, 7, 8])
      outer[Symbol.dispose]()
      outer[Symbol.dispose]()
      const next = [backend.zeros([8]), backend.zeros([8])]
      next.forEach((x) => backend.write(x, [0, 0, 0, 0, 0, 0, 0, 0]))
      expect(await numbersOf(backend, other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    })

    check('leave alone what belongs to a tensor, which is freed with that', async (backend) => {
      const numbers = Array.from({ length: 64 }, (_, i) => i)
      const owner = backend.zeros([2])
      const owned = backend.scope(() => backend.scope(() => backend.zeros([64]), { owner }).value)
      backend.write(owned.value, numbers)
      owned[Symbol.dispose]()
      for (let i = 0; i < 4; i++) backend.write(backend.zeros([64]), numbers.map(() => 7))
      expect(await numbersOf(backend, owned.value)).toEqual(numbers)
      const outer = backend.scope(() => backend.zeros([2]))
      const inner = backend.scope(() => backend.zeros([64]), { owner: outer.value })
      expect(inner.bytes).toBeGreaterThan(0)
      outer[Symbol.dispose]()
      inner[Symbol.dispose]()
      const next = [backend.zeros([64]), backend.zeros([64])]
      backend.write(next[0]!, numbers)
      backend.write(next[1]!, numbers.map(() => 7))
      expect(await numbersOf(backend, next[0]!)).toEqual(numbers)
    })

    check('pass on what goes wrong inside', async (backend) => {
      expect(() => backend.scope(() => { throw new Error('inside') })).toThrow('inside')
      expect(backend.scope(() => backend.zeros([2])).value.shape).toEqual([2])
    })

    check('tell where the time goes, with the same results', async (backend, { skip }) => {
      skip(!backend.profiling, 'this backend tells no times')
      const profile: Profile = { matmul: 0, formulas: 0, moves: 0 }
      using scope = backend.scope(() => {
        const [x, y] = [backend.zeros([200, 200]), backend.zeros([200, 200])]
        return { x, y, run: backend.formula(double, { x, y }) }
      }, { profile })
      backend.write(scope.value.x, Array.from({ length: 40_000 }, () => 1.5))
      using _clock = movingClock()
      scope.value.run(0)
      expect((await backend.readAsync(scope.value.y))[39_999]).toBe(3)
      expect(profile).toEqual({ matmul: 0, formulas: 1, moves: 0 })
    })

    check('tell the time of the scopes within, but for those with a profile of their own', (backend, { skip }) => {
      skip(!backend.profiling, 'this backend tells no times')
      const profiles = [0, 1].map((): Profile => ({ matmul: 0, formulas: 0, moves: 0 }))
      const grid = (): Tensor => backend.zeros([200, 200])
      const bound = (): Kernel => backend.formula(double, { x: grid(), y: grid() })
      const [outer, inner] = profiles.map((profile) => ({ profile }))
      const owner = grid()
      const told: unknown[] = []
      using within = backend.scope(() => {
        told.push(backend.profiling!())
        return [backend.scope(bound), backend.scope(bound, inner), backend.scope(bound, { owner })]
      }, outer)
      expect(told.concat(backend.profiling!())).toEqual([true, false])
      const after = bound()
      const spentBy = (run: Kernel): number[] => {
        const before = profiles.map(({ formulas }) => formulas)
        run(0)
        return profiles.map(({ formulas }, k) => formulas - before[k]!)
      }
      using _clock = movingClock()
      const runs = [...within.value.map(({ value }) => value), after]
      expect(runs.map(spentBy)).toEqual([[1, 0], [0, 1], [0, 0], [0, 0]])
    })
  })
