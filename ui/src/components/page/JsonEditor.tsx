import { Button, Input, Typography } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  value: string;
  onChange: (text: string) => void;
  rows?: number;
  readOnly?: boolean;
}

/** What is wrong with a text as JSON; null if nothing is. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** JSON laid out in lines; the same text if it is not JSON. */
export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A text field for JSON that says at once what is wrong with it. */
export function JsonEditor({ label, value, onChange, rows = 14, readOnly = false }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const fault = jsonFault(value);
  return (
    <div className="stack" style={{ gap: 6 }}>
      <Input.TextArea
        aria-label={label}
        aria-describedby={id}
        value={value}
        readOnly={readOnly}
        spellCheck={false}
        status={fault ? "error" : undefined}
        autoSize={{ minRows: Math.min(6, rows), maxRows: rows }}
        style={{ fontFamily: "ui-monospace, monospace", fontSize: 12.5 }}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="row between" id={id}>
        <Typography.Text type={fault ? "danger" : "secondary"} style={{ fontSize: 12 }}>
          {fault ?? t("collect.json.fine")}
        </Typography.Text>
        {!readOnly && (
          <Button size="small" type="text" disabled={fault !== null} onClick={() => onChange(laidOut(value))}>
            {t("collect.json.layOut")}
          </Button>
        )}
      </div>
    </div>
  );
}
