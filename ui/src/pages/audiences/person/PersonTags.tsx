import { useQuery } from "@tanstack/react-query";
import { Popover, Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Mark, Moment } from "@/components/page";
import { useProject } from "@/session/session";
import { useValueName } from "../tags/useValueName";

type PersonTag = Got<"/api/projects/{project_id}/tags/of-person">[number];

/** The tags of one person, each with how it went. */
export function PersonTags({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const tags = useQuery({
    queryKey: ["tags", project_id, "of-person", reference],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/tags/of-person", { params: { path: { project_id }, query: { person: reference } } })),
  });
  if (tags.error) return <Failure error={tags.error} small />;
  const held = (tags.data ?? []).filter((tag) => tag.value !== null);
  if (tags.isSuccess && held.length === 0) return <span style={{ opacity: 0.85 }}>{t("tagging.person.none")}</span>;
  return (
    <dl className="stack" style={{ gap: 6, margin: 0 }}>
      {held.map((tag) => (
        <PersonTagRow key={tag.tag_id} tag={tag} />
      ))}
    </dl>
  );
}

function PersonTagRow({ tag }: { tag: PersonTag }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const nameOf = useValueName(tag.kind);
  const history = (
    <Timeline
      style={{ maxHeight: 320, overflow: "auto", paddingTop: 8 }}
      items={tag.history.toReversed().map((change) => ({
        content: (
          <span>
            {nameOf(change.before)} → <strong>{nameOf(change.value)}</strong> · <Moment at={change.at} />
          </span>
        ),
      }))}
    />
  );
  return (
    <div className="row between" style={{ flexWrap: "nowrap", alignItems: "baseline" }}>
      <dt>
        <Link to={`/p/${id}/tags/${tag.tag_id}`}>{tag.name}</Link>
      </dt>
      <dd style={{ margin: 0, textAlign: "end" }}>
        <Popover trigger="click" title={`${tag.name} · ${t("tagging.person.history")}`} content={history}>
          <button type="button" className="clickable" aria-label={`${tag.name}: ${nameOf(tag.value)}, ${t("tagging.person.history")}`}>
            <Mark tone="busy">{nameOf(tag.value)}</Mark>
          </button>
        </Popover>
      </dd>
    </div>
  );
}
