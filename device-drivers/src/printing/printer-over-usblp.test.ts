import { describePrinter } from './printer-suite.ts'

describePrinter('usblp')
