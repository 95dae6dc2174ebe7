import { Button, Card, Segmented, Table } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Mark, Moment, useAction, usePages, useUrlState } from "@/components/page";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useMay, useProject } from "@/session/session";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import { useValueName } from "../tags/useValueName";
import { useRules, useTags } from "./queries";
import type { Warned } from "./types";

/** The warnings, the newest first; those that nobody looked after, or all. */
export function WarningList({ create }: { create: ReactNode }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const url = useUrlState();
  const all = url.get("show") === "all";
  const [shown, show] = useState<Warned | null>(null);
  const rules = useRules();
  const warnings = usePages(["warnings", project_id, all], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/warnings", { params: { path: { project_id }, query: { acknowledged: all ? undefined : false, cursor } } })),
  );
  const nameOf = (rule_id: string) => rules.data?.find((rule) => rule.id === rule_id)?.name ?? "…";
  const none = !warnings.isPending && warnings.items.length === 0;
  const ruleless = rules.isSuccess && rules.data.length === 0;
  return (
    <div className="stack">
      {!ruleless && (
        <div>
          <Segmented aria-label={t("warnings.filter")} value={all ? "all" : "open"} options={(["open", "all"] as const).map((value) => ({ value, label: t(`warnings.${value}`) }))} onChange={(value) => url.change({ show: value === "all" ? "all" : null })} />
        </div>
      )}
      {warnings.error && <Failure error={warnings.error} retry={() => void warnings.refetch()} />}
      {!warnings.error && none && <Empty title={ruleless ? t("warnings.noRules") : t(all ? "warnings.emptyAll" : "warnings.empty")} hint={t(ruleless ? "warnings.noRulesHint" : "warnings.emptyHint")} action={ruleless ? create : undefined} />}
      {!warnings.error && !none && (
        <Card styles={{ body: { padding: 0 } }}>
          <WarningTable warnings={warnings.items} loading={warnings.isPending} nameOf={nameOf} show={show} />
          <LoadMore list={warnings} />
        </Card>
      )}
      {shown && (
        <SubjectPeopleDrawer
          title={t("warnings.people", { rule: nameOf(shown.rule_id), start: shown.start })}
          close={() => show(null)}
          queryKey={["warning-people", project_id, shown.id]}
          empty={t("warnings.nobody")}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/warnings/{warning_id}/people", { params: { path: { project_id, warning_id: shown.id }, query: { cursor, limit: 50 } } }))}
        />
      )}
    </div>
  );
}

interface TableProps {
  warnings: Warned[];
  loading: boolean;
  nameOf: (ruleId: string) => string;
  show: (warning: Warned) => void;
}

function WarningTable({ warnings, loading, nameOf, show }: TableProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id } = useProject();
  return (
    <Table<Warned>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={warnings}
      pagination={false}
      scroll={{ x: 860 }}
      columns={[
        { title: t("warnings.period"), key: "start", width: 130, render: (_, warning) => <span className="figure">{warning.start}</span> },
        {
          title: t("warnings.rule"),
          key: "rule",
          render: (_, warning) => (
            <div>
              <Link to={`/p/${id}/warnings/rules/${warning.rule_id}`}>{nameOf(warning.rule_id)}</Link>
              <Older warning={warning} />
            </div>
          ),
        },
        {
          title: t("warnings.dropped"),
          key: "dropped",
          width: 190,
          align: "right",
          render: (_, warning) => (
            <Clickable label={t("warnings.droppedLabel", { rule: nameOf(warning.rule_id), dropped: warning.dropped })} onClick={() => show(warning)}>
              {t("warnings.droppedOf", { dropped: figures.number(warning.dropped), people: figures.number(warning.people) })}
            </Clickable>
          ),
        },
        { title: t("warnings.expected"), key: "expected", width: 100, align: "right", render: (_, warning) => <span className="figure">{figures.number(warning.expected)}</span> },
        { title: t("warnings.critical"), key: "critical", width: 110, align: "right", render: (_, warning) => <span className="figure">{figures.number(warning.critical)}</span> },
        { title: t("warnings.pValue"), key: "p", width: 120, align: "right", render: (_, warning) => <span className="figure">{chance(warning.p_value, figures.percent)}</span> },
        { title: t("warnings.state"), key: "state", width: 210, render: (_, warning) => <State warning={warning} rule={nameOf(warning.rule_id)} /> },
      ]}
    />
  );
}

function chance(value: number, percent: (share: number) => string): string {
  return value < 0.001 ? "< 0.1%" : percent(value);
}

/** By which order it was counted, if the rule was changed since. */
function Older({ warning }: { warning: Warned }) {
  const { t } = useTranslation();
  const rules = useRules();
  const { tags } = useTags();
  const rule = rules.data?.find((each) => each.id === warning.rule_id);
  const valueName = useValueName(tags.find((tag) => tag.id === rule?.tag_id)?.kind ?? "");
  if (!warning.counted_by) return null;
  return <div style={{ fontSize: 13, opacity: 0.85 }}>{t("warnings.older", { order: warning.counted_by.order.map(valueName).join(" → ") })}</div>;
}

function State({ warning, rule }: { warning: Warned; rule: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const acknowledge = useAction(() => taken(api.POST("/api/projects/{project_id}/warnings/{warning_id}/acknowledge", { params: { path: { project_id, warning_id: warning.id } } })), {
    done: t("warnings.acknowledged"),
    refresh: [["warnings", project_id]],
  });
  if (warning.acknowledged_by) {
    return (
      <div>
        <Mark tone="good">{t("warnings.acknowledgedBy", { name: warning.acknowledged_by.name })}</Mark>
        <Moment at={warning.acknowledged_at} />
      </div>
    );
  }
  if (!may) return <Mark tone="care">{t("warnings.open")}</Mark>;
  return (
    <Button size="small" loading={acknowledge.isPending} aria-label={t("warnings.acknowledgeLabel", { rule, start: warning.start })} onClick={() => acknowledge.mutate()}>
      {t("warnings.acknowledge")}
    </Button>
  );
}
