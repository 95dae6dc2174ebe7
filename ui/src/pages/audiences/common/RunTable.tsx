import { useTranslation } from "react-i18next";
import { Moment } from "@/components/page";
import { useFigures } from "@/results/figures";
import { Table } from "@/results/Table";
import type { zh } from "@/i18n/zh";
import { useFailureWords } from "./Marks";
import type { Run } from "./types";

type Cause = keyof (typeof zh)["audiences"]["one"]["causes"];

/** The refreshes, the newest first. */
export function RunTable({ runs }: { runs: readonly Run[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const failure = useFailureWords();
  return (
    <Table<Run>
      rows={runs}
      keyOf={(run) => run.id}
      pageSize={10}
      columns={[
        {
          title: t("audiences.refreshedAt"),
          key: "at",
          show: (run) => (
            <div>
              <Moment at={run.at} seconds />
              {run.error && <div className="fault-text">{failure(run.error)}</div>}
            </div>
          ),
        },
        { title: t("audiences.one.cause"), key: "cause", show: (run) => t(`audiences.one.causes.${run.cause as Cause}`, { defaultValue: run.cause }) },
        { title: t("audiences.size"), key: "people", numeric: true, show: (run) => (run.error ? "–" : figures.number(run.people)) },
        { title: t("audiences.one.entered"), key: "entered", numeric: true, show: (run) => (run.entered ? `+${figures.number(run.entered)}` : "0") },
        { title: t("audiences.one.left"), key: "left", numeric: true, show: (run) => (run.left ? `−${figures.number(run.left)}` : "0") },
        { title: t("audiences.one.took"), key: "took", numeric: true, show: (run) => `${figures.number(run.milliseconds)} ms` },
        { title: t("audiences.one.version", { count: 0 }).replace("0", "").trim(), key: "version", numeric: true, show: (run) => run.version },
      ]}
    />
  );
}
