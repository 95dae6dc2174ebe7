import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { useMaybeProject } from "@/session/session";
import { useWording } from "./wording";

/** A moment in the project's time zone; how long ago on hover or focus. */
export function Moment({ at, seconds = false }: { at: string | number | null | undefined; seconds?: boolean }) {
  const { t } = useTranslation();
  const words = useWording(useMaybeProject()?.time_zone);
  if (at === null || at === undefined) return <span>{t("common.none")}</span>;
  return (
    <Tooltip title={words.ago(at)}>
      <time dateTime={new Date(at).toISOString()} className="figure" style={{ whiteSpace: "nowrap" }}>
        {words.moment(at, seconds)}
      </time>
    </Tooltip>
  );
}
