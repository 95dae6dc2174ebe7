import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Dropdown, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { ReloadOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { Waiting } from "@/components/Waiting";
import { download, PageFrame, useAction, useUrlState, useWording } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { KindMark, RhythmMark, useFailureWords } from "../common/Marks";
import { References } from "../common/References";
import { SubjectPeople } from "../common/SubjectPeople";
import type { Audience } from "../common/types";
import { useConfirm } from "../common/useConfirm";
import { useRefresh } from "../common/useRefresh";
import { AudienceDefinition } from "./AudienceDefinition";
import { AudienceOverview } from "./AudienceOverview";
import { LeversCard } from "../studies/LeversCard";
import { PersonaTab } from "../studies/PersonaTab";
import "../audiences.css";

/** Everything about one audience. */
export function AudiencePage() {
  const { audienceId: audience_id = "" } = useParams();
  const { id: project_id } = useProject();
  const audience = useQuery({
    queryKey: ["audiences", project_id, "one", audience_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id, audience_id } } })),
    // A new one is empty until its first refresh has ended, which takes a moment.
    refetchInterval: ({ state }) => (state.data?.kind === "condition" && !state.data.refreshed_at && !state.data.error ? 1000 : state.data?.refresh === "live" ? 5000 : false),
  });
  if (audience.isPending) return <Waiting />;
  if (audience.error) return <Failure error={audience.error} retry={() => void audience.refetch()} />;
  return <Shown audience={audience.data} />;
}

function Shown({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const words = useWording();
  const failure = useFailureWords();
  const tab = url.get("tab") || "overview";
  return (
    <PageFrame
      title={audience.name}
      hint={
        <span className="row" style={{ gap: 6 }}>
          <KindMark audience={audience} />
          {audience.kind === "condition" && <RhythmMark refresh={audience.refresh} />}
          <span>{audience.description}</span>
        </span>
      }
      extra={<Verbs audience={audience} />}
    >
      {audience.error && <Alert type="error" showIcon title={t("audiences.failed")} description={t("audiences.failedAt", { message: failure(audience.error), at: words.moment(audience.error.at, false) })} />}
      <Tabs
        destroyOnHidden
        activeKey={tab}
        onChange={(key) => url.change({ tab: key === "overview" ? null : key })}
        items={[
          { key: "overview", label: t("audiences.one.tabs.overview"), children: <AudienceOverview audience={audience} /> },
          { key: "persona", label: t("audiences.one.tabs.persona"), children: <PersonaTab audienceId={audience.id} name={audience.name} /> },
          { key: "levers", label: t("studies.lever.title"), children: <LeversCard audienceId={audience.id} /> },
          { key: "people", label: t("audiences.one.tabs.people"), children: <Members audience={audience} /> },
          { key: "definition", label: t("audiences.one.tabs.definition"), children: <AudienceDefinition audience={audience} /> },
          { key: "flow", label: t("audiences.one.tabs.flow"), children: <References subjectId={audience.id} /> },
        ]}
      />
    </PageFrame>
  );
}

function Members({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  return (
    <SubjectPeople
      queryKey={["audience-people", project_id, audience.id]}
      empty={t("audiences.one.noPeople")}
      read={(cursor) => taken(api.GET("/api/projects/{project_id}/audiences/{audience_id}/people", { params: { path: { project_id, audience_id: audience.id }, query: { cursor, limit: 50 } } }))}
    />
  );
}

const FORMATS = ["csv", "xlsx", "jsonl"] as const;
type Format = (typeof FORMATS)[number];

function Verbs({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const mayExport = useMay("export");
  const mayEdit = useMay("edit_insights");
  const home = `/p/${project.id}/audiences`;
  const refresh = useRefresh(audience.id);
  const figures = useFigures();
  const take = useAction((format: Format) => download(`/api/projects/${project.id}/audiences/${audience.id}/export?format=${format}&spreadsheet=${format !== "jsonl"}`, `${audience.name}.${format}`));
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id: project.id, audience_id: audience.id } } }), {
    done: t("common.removed"),
    refresh: [["audiences", project.id, "list"], ["subjects", project.id]],
    onDone: () => void navigate(home),
  });
  const byCondition = audience.kind === "condition";
  const copied = { name: t("audiences.copyName", { name: audience.name }), description: audience.description, refresh: audience.refresh, condition: audience.condition };
  const more = [
    ...(byCondition ? [{ key: "copy", label: t("audiences.copy"), onClick: () => void navigate(`${home}/new`, { state: copied }) }] : []),
    { key: "remove", danger: true, label: t("audiences.remove"), onClick: () => void confirm(t("audiences.removeConfirm", { name: audience.name }), () => remove.mutate()) },
  ];
  return (
    <>
      {mayEdit && byCondition && (
        <Button icon={<ReloadOutlined />} loading={refresh.running} onClick={() => refresh.start()}>
          {t(refresh.running ? "audiences.refreshing" : "audiences.refreshNow")}{refresh.share !== null && ` ${figures.percent(refresh.share)}`}
        </Button>
      )}
      {mayExport && (
        <Dropdown trigger={["click"]} menu={{ items: FORMATS.map((key) => ({ key, label: key.toUpperCase() })), onClick: ({ key }) => take.mutate(key as Format) }}>
          <Button loading={take.isPending}>{t("audiences.export")}</Button>
        </Dropdown>
      )}
      {mayEdit && byCondition && (
        <LinkButton type="primary" to={`${home}/${audience.id}/edit`}>
          {t("audiences.edit")}
        </LinkButton>
      )}
      {mayEdit && (
        <Dropdown trigger={["click"]} menu={{ items: more }}>
          <Button aria-label={t("common.more")}>⋯</Button>
        </Dropdown>
      )}
    </>
  );
}
