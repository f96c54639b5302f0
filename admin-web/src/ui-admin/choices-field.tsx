import { Select } from 'antd'
import type { Choice } from './choice-field.tsx'
import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props<Value extends string> extends FieldProps<readonly Value[]> {
  choices: readonly Choice<Value>[]
}

/** Several of several, by list or by typing. */
export function ChoicesField<Value extends string>(props: Props<Value>) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <Select<Value[]>
          id={id}
          mode="multiple"
          aria-label={props.label}
          aria-describedby={describedBy}
          value={[...props.value]}
          options={[...props.choices]}
          showSearch={{ optionFilterProp: 'label' }}
          {...(props.problem === undefined ? {} : { status: 'error' as const })}
          onChange={(value: Value[]) => props.onChange(value)}
        />
      )}
    </FieldFrame>
  )
}
