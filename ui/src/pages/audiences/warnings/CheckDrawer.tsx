import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Drawer } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { readAgain } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { Chart } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import type { Rule } from "./types";

type Checked = Schemas["Checked"];

/** A check of a rule now: how many dropped, and how many did before. */
export function CheckDrawer({ rule, close }: { rule: Rule; close: () => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const queries = useQueryClient();
  const { id: project_id } = useProject();
  const checked = useQuery({
    queryKey: ["warning-check", project_id, rule.id],
    queryFn: async () => {
      const found = await taken(api.POST("/api/projects/{project_id}/warnings/rules/{rule_id}/check", { params: { path: { project_id, rule_id: rule.id } } }));
      void readAgain(queries, ["warnings", project_id], ["warning-rules", project_id]);
      return found;
    },
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const found = checked.data;
  return (
    <Drawer open size={720} title={t("warnings.checkTitle", { name: rule.name })} onClose={close}>
      {checked.isPending && <Waiting />}
      {checked.error && <Failure error={checked.error} small />}
      {found && (
        <div className="stack" style={{ gap: 16 }}>
          <Alert type={found.unusual ? "warning" : "success"} showIcon title={t(found.unusual ? "warnings.unusual" : "warnings.usual", { dropped: figures.number(found.now.dropped), critical: figures.number(found.critical) })} />
          <Drops checked={found} />
        </div>
      )}
    </Drawer>
  );
}

function Drops({ checked }: { checked: Checked }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const option = useMemo(() => {
    const bars = [...checked.before, checked.now];
    return {
      grid: { left: 8, right: 90, top: 24, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", confine: true },
      xAxis: { type: "category", data: bars.map((each) => each.start) },
      yAxis: { type: "value", minInterval: 1, max: (value: { max: number }) => Math.max(value.max, checked.critical) },
      series: [
        {
          type: "bar",
          name: t("warnings.dropped"),
          barMaxWidth: 36,
          data: bars.map((each, place) => ({ value: each.dropped, itemStyle: { color: place < bars.length - 1 ? "#8a94a6" : checked.unusual ? "#d9480f" : "#3355ff" } })),
          markLine: { silent: true, symbol: "none", lineStyle: { color: "#d9480f", type: "dashed" }, label: { position: "end", formatter: `${t("warnings.line")} ${figures.number(checked.critical)}`, color: "inherit" }, data: [{ yAxis: checked.critical }] },
        },
      ],
    };
  }, [checked, t, figures]);
  return <Chart option={option} height={280} label={t("warnings.figures")} />;
}
