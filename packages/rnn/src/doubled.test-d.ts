import { expectTypeOf } from 'vitest'
import type { Doubled } from './doubled.ts'

expectTypeOf<Doubled<1>>().toEqualTypeOf<2>()
expectTypeOf<Doubled<5>>().toEqualTypeOf<10>()
expectTypeOf<Doubled<64>>().toEqualTypeOf<128>()
expectTypeOf<Doubled<500>>().toEqualTypeOf<1000>()
expectTypeOf<Doubled<959>>().toEqualTypeOf<1918>()
expectTypeOf<Doubled<4096>>().toEqualTypeOf<8192>()
expectTypeOf<Doubled<number>>().toEqualTypeOf<number>()
