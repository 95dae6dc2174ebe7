import { Button, Result } from "antd";
import { useTranslation } from "react-i18next";

export function NothingHere() {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={t("nav.nothingHere")}
      extra={
        <Button type="primary" href="/">
          {t("nav.home")}
        </Button>
      }
    />
  );
}
