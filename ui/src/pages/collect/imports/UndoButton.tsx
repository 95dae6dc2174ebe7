import { Button, Popconfirm } from "antd";
import { useTranslation } from "react-i18next";
import { type FileImport, useImportVerbs } from "./jobs";

/** Takes an import back, once that is confirmed. */
export function UndoButton({ one, small = false }: { one: FileImport; small?: boolean }) {
  const { t } = useTranslation();
  const { undo } = useImportVerbs();
  return (
    <Popconfirm
      title={t("collect.imports.undoConfirm", { file: one.file })}
      description={<div style={{ maxWidth: 340 }}>{t("collect.imports.undoHint")}</div>}
      okText={t("collect.imports.undo")}
      okButtonProps={{ danger: true }}
      onConfirm={() => undo.mutate(one.id)}
    >
      <Button danger size={small ? "small" : "middle"} loading={undo.isPending}>
        {t("collect.imports.undo")}
      </Button>
    </Popconfirm>
  );
}
