import { useQuery } from "@tanstack/react-query";
import { Popover, Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import type { Got } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Mark, Moment } from "@/components/page";
import { useProject } from "@/session/session";
import "../audiences.css";

type PersonAudience = Got<"/api/projects/{project_id}/audiences/of-person">[number];

/** The audiences that a person is in, and was in, each with when. */
export function PersonAudiences({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const audiences = useQuery({
    queryKey: ["audiences", project_id, "of-person", reference],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences/of-person", { params: { path: { project_id }, query: { person: reference } } })),
  });
  if (audiences.error) return <Failure error={audiences.error} small />;
  const found = audiences.data ?? [];
  if (audiences.isSuccess && !found.some((each) => each.inside)) {
    return (
      <>
        <span style={{ opacity: 0.85 }}>{t("tagging.person.noAudiences")}</span>
        <Rows audiences={found} />
      </>
    );
  }
  return <Rows audiences={found.toSorted((one, other) => Number(other.inside) - Number(one.inside))} />;
}

function Rows({ audiences }: { audiences: PersonAudience[] }) {
  return (
    <ul className="stack" style={{ gap: 6, margin: 0, padding: 0, listStyle: "none" }}>
      {audiences.map((audience) => (
        <Row key={audience.audience_id} audience={audience} />
      ))}
    </ul>
  );
}

function Row({ audience }: { audience: PersonAudience }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const stays = (
    <Timeline
      style={{ maxHeight: 320, overflow: "auto", paddingTop: 8 }}
      items={audience.stays.toReversed().map((stay) => ({
        content: (
          <span>
            <Moment at={stay.entered} /> – {stay.left ? <Moment at={stay.left} /> : t("tagging.person.now")}
          </span>
        ),
      }))}
    />
  );
  const last = audience.stays.at(-1);
  const title = t("tagging.person.stays", { name: audience.name });
  return (
    <li className="row between" style={{ flexWrap: "nowrap", alignItems: "baseline" }}>
      <Link to={`/p/${id}/audiences/${audience.audience_id}`}>{audience.name}</Link>
      <Popover trigger="click" title={title} content={stays}>
        <button type="button" className="clickable" style={{ whiteSpace: "nowrap" }}>
          <span className="sr-only">{title}: </span>
          <Mark tone={audience.inside ? "good" : "quiet"}>{audience.inside ? t("audiences.one.entered") : t("tagging.person.before")}</Mark>
          <Moment at={audience.inside ? last?.entered : last?.left} />
        </button>
      </Popover>
    </li>
  );
}
