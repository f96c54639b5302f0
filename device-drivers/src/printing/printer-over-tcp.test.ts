import { describePrinter } from './printer-suite.ts'

describePrinter('tcp')
