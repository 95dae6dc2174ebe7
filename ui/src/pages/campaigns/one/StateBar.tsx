import { Steps } from "antd";
import { useTranslation } from "react-i18next";
import type { Status } from "../shared/types";

const WAY = ["draft", "review", "scheduled", "running", "finished", "evaluated"] as const;

/** How far a campaign is on its way from idea to verdict. */
export function StateBar({ status }: { status: Status }) {
  const { t } = useTranslation();
  const at = WAY.indexOf(status === "paused" ? "running" : status);
  return (
    <nav aria-label={t("campaigns.way")} className="scroll-x" style={{ paddingBlock: 4 }}>
      <Steps
        size="small"
        responsive={false}
        current={at}
        style={{ minWidth: 680 }}
        status={status === "paused" ? "error" : status === "evaluated" ? "finish" : "process"}
        items={WAY.map((each, place) => ({ title: <span aria-current={place === at ? "step" : undefined}>{t(`campaigns.statuses.${each === "running" && status === "paused" ? "paused" : each}`)}</span> }))}
      />
    </nav>
  );
}
