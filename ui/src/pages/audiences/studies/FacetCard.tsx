import { Card, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import type { OfferedFacet } from "./facets";
import type { FacetComparison, Interval, Shares } from "./personaTypes";
import { useFacetWords } from "./useFacetWords";

interface Props {
  facet: FacetComparison;
  offered: OfferedFacet;
  names: [string, string];
}

/** The shares of a facet's values in both sets as bars with intervals, and how they compare. */
export function FacetCard({ facet, offered, names }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useFacetWords();
  const values = facet.values.filter((each) => each.people + each.others > 0);
  const most = Math.max(0.0001, ...values.flatMap((each) => [each.share?.high ?? each.share?.value ?? 0, each.other_share?.value ?? 0]));
  return (
    <Card size="small" title={words.facet(offered)}>
      <div className="stack" style={{ gap: 8 }}>
        <div className="row figure" style={{ fontSize: 12.5, gap: 16 }}>
          <span className="row" style={{ gap: 6 }}>
            <span aria-hidden className="persona-key" style={{ background: "#3355ff" }} /> {names[0]}
          </span>
          <span className="row" style={{ gap: 6 }}>
            <span aria-hidden className="persona-key" style={{ background: "#8a94a6" }} /> {names[1]}
          </span>
        </div>
        {facet.mean !== null && (
          <span className="figure" style={{ fontSize: 13 }}>
            {t("studies.persona.mean", { mean: figures.number(facet.mean), other: figures.number(facet.other_mean) })} · {t("studies.persona.median", { median: figures.number(facet.median), other: figures.number(facet.other_median) })}
          </span>
        )}
        <table style={{ width: "100%", borderCollapse: "collapse", tableLayout: "fixed" }}>
          <colgroup>
            <col style={{ width: "28%" }} />
            <col />
            <col style={{ width: 124 }} />
            <col style={{ width: 56 }} />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("studies.value")}</th>
              <th scope="col">{t("studies.share")}</th>
              <th scope="col">{t("studies.persona.tgi")}</th>
            </tr>
          </thead>
          <tbody>
            {values.map((each) => (
              <Row key={`${each.other}|${each.value}`} shares={each} most={most} name={each.other ? t("common.other") : words.plain(offered, each.value)} names={names} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Row({ shares, most, name, names }: { shares: Shares; most: number; name: string; names: [string, string] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const sure = shares.adjusted !== null && shares.adjusted < 0.05;
  const ratio = shares.ratio;
  const said = (interval: Interval | null) => (interval ? `${figures.percent(interval.value)} (${t("studies.persona.interval")} ${figures.percent(interval.low)} – ${figures.percent(interval.high)})` : "–");
  return (
    <tr>
      <th scope="row" title={name} style={{ fontWeight: 400, textAlign: "start", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", paddingInlineEnd: 8 }}>
        {name}
      </th>
      <td style={{ padding: "3px 0" }}>
        <Tooltip title={`${names[0]} ${said(shares.share)} · ${names[1]} ${said(shares.other_share)}`}>
          <div>
            <Bar interval={shares.share} most={most} color="#3355ff" />
            <Bar interval={shares.other_share} most={most} color="#8a94a6" />
          </div>
        </Tooltip>
      </td>
      <td className="figure" style={{ textAlign: "end", fontSize: 12.5, whiteSpace: "nowrap" }}>
        {figures.percent(shares.share?.value)} / {figures.percent(shares.other_share?.value)}
      </td>
      <td className="figure" style={{ textAlign: "end", fontWeight: sure ? 650 : 400, color: sure && ratio ? (ratio.value > 1 ? "var(--persona-over)" : "var(--persona-under)") : undefined }} title={t("studies.persona.tgi")}>
        {ratio ? figures.number(Math.round(ratio.value * 100)) : "–"}
      </td>
    </tr>
  );
}

/** A share as a bar, its interval as a thin line over the end. */
function Bar({ interval, most, color }: { interval: Interval | null; most: number; color: string }) {
  const place = (share: number) => `${Math.min(100, (share / most) * 100)}%`;
  return (
    <div style={{ position: "relative", height: 8, margin: "1px 0" }}>
      <div style={{ position: "absolute", inset: 0, width: place(interval?.value ?? 0), background: color, borderRadius: 3 }} />
      {interval && <div style={{ position: "absolute", top: 3, height: 2, left: place(interval.low), width: `calc(${place(interval.high ?? interval.value)} - ${place(interval.low)})`, background: "currentcolor", opacity: 0.75 }} />}
    </div>
  );
}
