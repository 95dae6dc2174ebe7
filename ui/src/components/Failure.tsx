import { Button, Result } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";

/** What went wrong and what to do about it, in place of what could not be shown. */
export function Failure({ error, retry, small = false }: { error: unknown; retry?: () => void; small?: boolean }) {
  const { t } = useTranslation();
  const refused = error instanceof ApiError ? error : null;
  const message = refused?.message ?? t("errors.unreachable");
  const hint = refused ? (refused.hint ?? undefined) : t("errors.unreachableHint");
  const again = retry && (
    <Button size={small ? "small" : "middle"} onClick={retry}>
      {t("common.retry")}
    </Button>
  );
  if (small) {
    return (
      <div role="alert" className="stack" style={{ padding: 12, gap: 4 }}>
        <strong>{message}</strong>
        {hint && <span>{hint}</span>}
        <div>{again}</div>
      </div>
    );
  }
  return <Result status={refused?.status === 403 ? "403" : "warning"} title={message} subTitle={hint} extra={again} role="alert" />;
}
