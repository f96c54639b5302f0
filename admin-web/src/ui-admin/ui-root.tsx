import type { Locale } from '@yizhan/contracts/local-text'
import { App, ConfigProvider } from 'antd'
import enUs from 'antd/locale/en_US'
import zhCn from 'antd/locale/zh_CN'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { type AdminLook, adminTheme } from './admin-theme.ts'

interface Props {
  locale: Locale
  look: AdminLook
  children: ComponentChildren
}

/** The ground that every part of the kit stands on: look, language, place for short messages. */
export function UiRoot({ locale, look, children }: Props) {
  useLayoutEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dataset['look'] = look
  }, [locale, look])
  return (
    <ConfigProvider
      theme={adminTheme(look, !matchMedia('(prefers-reduced-motion: reduce)').matches)}
      locale={locale === 'zh-CN' ? zhCn : enUs}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <App>{children}</App>
    </ConfigProvider>
  )
}

/** Tells of a thing that was done, for a few seconds, also to screen readers. */
export function useDoneMessage(): (text: string) => void {
  const { message } = App.useApp()
  return (text) => {
    message.success(text).then(
      () => undefined,
      () => undefined,
    )
  }
}
