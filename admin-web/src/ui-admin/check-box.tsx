import { Checkbox } from 'antd'

interface Props {
  label: string
  value: boolean
  onChange(value: boolean): void
}

/** Yes or no, with its words beside it. */
export function CheckBox({ label, value, onChange }: Props) {
  return (
    <Checkbox checked={value} onChange={(event) => onChange(event.target.checked)}>
      {label}
    </Checkbox>
  )
}
