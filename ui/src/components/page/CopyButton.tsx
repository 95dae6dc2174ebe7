import { CheckOutlined, CopyOutlined } from "@/components/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  text: string;
  /** What is copied, for screen readers. */
  label?: string;
  /** Shown as words, not as an icon alone. */
  wide?: boolean;
}

export function CopyButton({ text, label, wide = false }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await copyText(text);
    setDone(true);
    void message.success(t("common.copied"));
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <Button
      size="small"
      type={wide ? "default" : "text"}
      icon={done ? <CheckOutlined /> : <CopyOutlined />}
      aria-label={label ? `${t("common.copy")}: ${label}` : t("common.copy")}
      onClick={() => void copy()}
    >
      {wide ? t("common.copy") : null}
    </Button>
  );
}

/** Puts a text on the clipboard, also where the page came over plain HTTP. */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
