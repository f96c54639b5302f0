import { render } from 'preact'
import './bench.css'
import { createBenchClient } from './bench-client.ts'
import { BenchPage } from './bench-page.tsx'

const root = document.getElementById('bench')
if (!root) throw new Error('the page has no #bench')
render(<BenchPage client={createBenchClient(location.origin)} />, root)
