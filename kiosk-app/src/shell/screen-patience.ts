import { configure } from '@testing-library/preact'

/**
 * How long a test waits for what has to come on the screen. It comes in some frames, but a browser on a busy build machine was seen to
 * stand still for seconds, and the library itself waits for one.
 */
export const screenPatienceMs = 60_000

configure({ asyncUtilTimeout: screenPatienceMs })
