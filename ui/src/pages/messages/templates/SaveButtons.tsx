import { Button, Dropdown, Space } from "antd";
import { useTranslation } from "react-i18next";
import { DownOutlined } from "@/components/icons";

interface Props {
  busy: boolean;
  isNew: boolean;
  disabled: boolean;
  save: (keep: boolean) => void;
}

/** Saves; or keeps what was there as a version and saves. */
export function SaveButtons({ busy, isNew, disabled, save }: Props) {
  const { t } = useTranslation();
  const main = (
    <Button type="primary" loading={busy} disabled={disabled} onClick={() => save(false)}>
      {t("templates.edit.save")}
    </Button>
  );
  if (isNew) return main;
  const items = [
    {
      key: "keep",
      label: (
        <span className="stack" style={{ gap: 0 }}>
          {t("templates.edit.keep")}
          <small style={{ opacity: 0.8 }}>{t("templates.edit.keepHint")}</small>
        </span>
      ),
    },
  ];
  return (
    <Space.Compact>
      {main}
      <Dropdown trigger={["click"]} disabled={disabled} menu={{ items, onClick: () => save(true) }} placement="bottomRight">
        <Button type="primary" disabled={disabled} icon={<DownOutlined />} aria-label={t("templates.edit.keep")} />
      </Dropdown>
    </Space.Compact>
  );
}
