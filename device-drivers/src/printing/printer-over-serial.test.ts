import { serialWires } from './printer-rig.ts'
import { describePrinter } from './printer-suite.ts'

for (const wire of serialWires()) describePrinter(wire)
