import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Dropdown, Select, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { ReloadOutlined } from "@/components/icons";
import { LinkButton } from "@/components/LinkButton";
import { Mark, PageFrame, useAction, useUrlState, useWording } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import { RhythmMark, useFailureWords } from "../common/Marks";
import { References } from "../common/References";
import { SubjectPeople } from "../common/SubjectPeople";
import type { Tag } from "../common/types";
import { useConfirm } from "../common/useConfirm";
import { useRefresh } from "../common/useRefresh";
import { KindName } from "./KindName";
import { ManualValues } from "./ManualValues";
import { TagDefinition } from "./TagDefinition";
import { TagOverview } from "./TagOverview";
import { isPredicted } from "./types";
import { useValueName } from "./useValueName";
import "../audiences.css";

/** Everything about one tag. */
export function TagPage() {
  const { tagId: tag_id = "" } = useParams();
  const { id: project_id } = useProject();
  const tag = useQuery({
    queryKey: ["tags", project_id, "one", tag_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id, tag_id } } })),
    // A new one has no values until its first refresh has ended.
    refetchInterval: ({ state }) => (state.data && state.data.kind !== "manual" && !state.data.refreshed_at && !state.data.error ? 1000 : false),
  });
  if (tag.isPending) return <Waiting />;
  if (tag.error) return <Failure error={tag.error} retry={() => void tag.refetch()} />;
  return <Shown tag={tag.data} />;
}

function Shown({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const words = useWording();
  const failure = useFailureWords();
  const mayEdit = useMay("edit_insights");
  const manual = tag.kind === "manual";
  const items = [
    { key: "overview", label: t("tagging.one.tabs.overview"), children: <TagOverview tag={tag} /> },
    ...(manual && mayEdit ? [{ key: "values", label: t("tagging.one.tabs.values"), children: <ManualValues tag={tag} /> }] : []),
    { key: "people", label: t("tagging.one.tabs.people"), children: <PeopleOfValue tag={tag} /> },
    { key: "definition", label: t("tagging.one.tabs.definition"), children: <TagDefinition tag={tag} /> },
    { key: "flow", label: t("tagging.one.tabs.flow"), children: <References subjectId={tag.id} /> },
  ];
  return (
    <PageFrame
      title={tag.name}
      hint={
        <span className="row" style={{ gap: 6 }}>
          <Mark tone="busy">
            <KindName kind={tag.kind} />
          </Mark>
          {!manual && <RhythmMark refresh={tag.refresh} />}
          <span>{[tag.category, tag.owner, tag.description].filter(Boolean).join(" · ")}</span>
        </span>
      }
      extra={<Verbs tag={tag} />}
    >
      {tag.error && <Alert type="error" showIcon title={t("audiences.failed")} description={t("audiences.failedAt", { message: failure(tag.error), at: words.moment(tag.error.at, false) })} />}
      <Tabs destroyOnHidden activeKey={url.get("tab") || "overview"} onChange={(key) => url.change({ tab: key === "overview" ? null : key })} items={items} />
    </PageFrame>
  );
}

function Verbs({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const mayEdit = useMay("edit_insights");
  const refresh = useRefresh(tag.id);
  const home = `/p/${project.id}/tags`;
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/tags/{tag_id}", { params: { path: { project_id: project.id, tag_id: tag.id } } }), {
    done: t("common.removed"),
    refresh: [["tags", project.id, "list"], ["tags", project.id, "categories"], ["subjects", project.id]],
    onDone: () => void navigate(home),
  });
  if (!mayEdit) return null;
  const more = [{ key: "remove", danger: true, label: t("common.remove"), onClick: () => void confirm(t("tagging.removeConfirm", { name: tag.name }), () => remove.mutate()) }];
  return (
    <>
      {tag.kind !== "manual" && (
        <Button icon={<ReloadOutlined />} loading={refresh.running} onClick={() => refresh.start()}>
          {t(refresh.running ? "audiences.refreshing" : "audiences.refreshNow")}
        </Button>
      )}
      {isPredicted(tag.kind) ? (
        <LinkButton type="primary" to={`/p/${project.id}/predictions/${tag.id}`}>
          {t("studies.predictions.report")}
        </LinkButton>
      ) : (
        <LinkButton type="primary" to={`${home}/${tag.id}/edit`}>
          {t("audiences.edit")}
        </LinkButton>
      )}
      <Dropdown trigger={["click"]} menu={{ items: more }}>
        <Button aria-label={t("common.more")}>⋯</Button>
      </Dropdown>
    </>
  );
}

function PeopleOfValue({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const nameOf = useValueName(tag.kind);
  const [chosen, choose] = useState(tag.values[0]?.value);
  if (!chosen) return <Empty title={t("tagging.noValues")} />;
  return (
    <div className="stack">
      <label className="row">
        <span>{t("tagging.one.choose")}</span>
        <Select aria-label={t("tagging.one.choose")} value={chosen} style={{ minWidth: 220 }} showSearch={{ optionFilterProp: "label" }} options={tag.values.map(({ value, people }) => ({ value, label: `${nameOf(value)} (${people})` }))} onChange={choose} />
      </label>
      <SubjectPeople
        key={chosen}
        queryKey={["tag-people", project_id, tag.id, chosen]}
        empty={t("tagging.noValues")}
        read={(cursor) => taken(api.GET("/api/projects/{project_id}/tags/{tag_id}/people", { params: { path: { project_id, tag_id: tag.id }, query: { value: chosen, cursor, limit: 50 } } }))}
      />
    </div>
  );
}
