/**
 * How long a test waits for what has to come, in milliseconds. Nothing here takes more than some seconds on an idle machine; a build
 * machine with two busy cores was seen to take twelve times as long, and only a test that has failed waits to the end.
 */
export const patienceMs = 60_000
