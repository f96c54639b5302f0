import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { ScreenPanes } from './screen-panes.tsx'

/** 「请稍等」: for the moment in which the station still has to give the files of a screen. */
export function WaitScreen({ words }: { words: Words }): VNode {
  return <ScreenPanes title={words.say('wait.title')} icon="clock" />
}
