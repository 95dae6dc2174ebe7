import { App } from "antd";
import { useTranslation } from "react-i18next";

/** Asks before something is deleted. */
export function useConfirm() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (title: string, go: () => void) => modal.confirm({ title, okText: t("common.remove"), okButtonProps: { danger: true }, onOk: go });
}
