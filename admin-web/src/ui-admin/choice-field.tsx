import { Select } from 'antd'
import { FieldFrame, type FieldProps } from './field-frame.tsx'

/** One of several things to choose from. */
export interface Choice<Value extends string> {
  value: Value
  label: string
}

interface Props<Value extends string> extends FieldProps<Value | null> {
  choices: readonly Choice<Value>[]
  placeholder?: string
  /** Lets the choice be taken back with one click. */
  clearable?: boolean
}

/** One of several, by list or by typing. */
export function ChoiceField<Value extends string>(props: Props<Value>) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <Select<Value>
          id={id}
          aria-label={props.label}
          aria-describedby={describedBy}
          value={props.value}
          options={[...props.choices]}
          placeholder={props.placeholder}
          allowClear={props.clearable ?? false}
          showSearch={{ optionFilterProp: 'label' }}
          {...(props.problem === undefined ? {} : { status: 'error' as const })}
          onChange={(value: Value | undefined) => props.onChange(value ?? null)}
        />
      )}
    </FieldFrame>
  )
}
