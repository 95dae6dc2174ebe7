import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { COLORS } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import type { Tag } from "../common/types";
import { useValueName } from "./useValueName";

const MOST = 6;

/** The shares of a tag's values in one bar, with the first of them in words. */
export function ShareBar({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const nameOf = useValueName(tag.kind);
  if (!tag.people) return <span style={{ opacity: 0.8 }}>{t("tagging.noValues")}</span>;
  const shown = tag.values.slice(0, MOST);
  const texts = shown.map((each) => `${nameOf(each.value)} ${figures.percent(each.people / tag.people)}`);
  return (
    <Tooltip title={texts.join(" · ")}>
      <div>
        <div className="spark-stack" role="img" aria-label={texts.join(", ")}>
          {shown.map((each, place) => (
            <span key={each.value} style={{ width: `${(each.people / tag.people) * 100}%`, background: COLORS[place % COLORS.length] }} />
          ))}
        </div>
        <div style={{ fontSize: 12, marginTop: 3, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", maxWidth: 264 }}>
          {texts.slice(0, 2).join(" · ")}
          {tag.value_count > 2 && ` · ${t("tagging.values", { count: tag.value_count })}`}
        </div>
      </div>
    </Tooltip>
  );
}
