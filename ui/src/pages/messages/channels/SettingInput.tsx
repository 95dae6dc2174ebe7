import { Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Held, SettingField } from "./settings";
import { useFieldWords } from "./words";

interface Props {
  kind: string;
  field: SettingField;
  held: Held;
  hold: (held: Held) => void;
  /** Of a secret, whether there is one already. */
  isSet: boolean;
  missing: boolean;
  refused: string | undefined;
}

/** One setting of a channel, by its type. */
export function SettingInput({ kind, field, held, hold, isSet, missing, refused }: Props) {
  const { t } = useTranslation();
  const { label, hint } = useFieldWords()(field.name, kind);
  const id = `setting-${field.name}`;
  const value = held.settings[field.name];
  const put = (next: unknown) => hold({ ...held, settings: { ...held.settings, [field.name]: next } });
  const help = missing ? t("channels.required") : refused;
  const extra = field.secret ? [hint, t("channels.secretHint")].filter(Boolean).join(" ") : hint;
  if (field.type === "boolean") {
    return (
      <Form.Item extra={extra}>
        <Checkbox checked={Boolean(value)} onChange={(event) => put(event.target.checked)}>
          {label}
        </Checkbox>
      </Form.Item>
    );
  }
  return (
    <Form.Item label={label} htmlFor={id} extra={extra} validateStatus={help ? "error" : undefined} help={help}>
      {field.secret ? (
        <SecretInput id={id} long={field.long} placeholder={isSet ? t("channels.secretSet") : undefined} value={held.secrets[field.name] ?? ""} onChange={(text) => hold({ ...held, secrets: { ...held.secrets, [field.name]: text } })} />
      ) : field.options ? (
        <Select id={id} aria-label={label} value={value} options={field.options.map((each) => ({ value: each, label: each }))} onChange={put} />
      ) : field.type === "string" ? (
        <Input id={id} autoComplete="off" spellCheck={false} value={typeof value === "string" ? value : ""} onChange={(event) => put(event.target.value)} />
      ) : (
        <InputNumber id={id} style={{ width: "100%" }} precision={field.type === "integer" ? 0 : undefined} value={typeof value === "number" ? value : null} onChange={put} />
      )}
    </Form.Item>
  );
}

interface SecretProps {
  id: string;
  long: boolean;
  placeholder: string | undefined;
  value: string;
  onChange: (text: string) => void;
}

function SecretInput({ id, long, placeholder, value, onChange }: SecretProps) {
  if (long) return <Input.TextArea id={id} autoComplete="off" spellCheck={false} rows={4} placeholder={placeholder} value={value} style={{ fontFamily: "monospace" }} onChange={(event) => onChange(event.target.value)} />;
  return <Input.Password id={id} autoComplete="new-password" placeholder={placeholder} value={value} onChange={(event) => onChange(event.target.value)} />;
}
