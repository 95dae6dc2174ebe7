import { useQuery } from "@tanstack/react-query";
import { Button, Card, Descriptions, Tabs, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Moment, PageFrame, PropertyTable, useUrlState, useWording } from "@/components/page";
import { useMay, useProject } from "@/session/session";
import { PersonActivity } from "@/pages/audiences/person/PersonActivity";
import { PersonAudiences } from "@/pages/audiences/person/PersonAudiences";
import { PersonTags } from "@/pages/audiences/person/PersonTags";
import { PersonMessages } from "@/pages/messages/person/PersonMessages";
import { nameOf, referenceOf } from "../naming";
import { PersonMark } from "../PeopleTable";
import { EraseButton } from "./EraseButton";
import { Identities } from "./Identities";
import { Timeline } from "./Timeline";

/** Everything about one person. */
export function PersonPage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const reference = url.get("person");
  const person = useQuery({
    queryKey: ["person", project.id, reference],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/person", { params: { path: { project_id: project.id }, query: { person: reference } } })),
    enabled: reference !== "",
  });
  const back = (
    <Link to={`/p/${project.id}/people`}>
      <Button>{t("people.person.back")}</Button>
    </Link>
  );
  if (reference === "") return <Empty title={t("people.person.none")} hint={t("people.person.noneHint")} action={back} />;
  if (person.isPending) return <Waiting />;
  if (person.error) {
    return (
      <>
        <Failure error={person.error} retry={() => void person.refetch()} />
        <div style={{ textAlign: "center" }}>{back}</div>
      </>
    );
  }
  return <Shown person={person.data} back={back} />;
}

function Shown({ person, back }: { person: Schemas["PersonDetailOutput"]; back: React.ReactNode }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const words = useWording();
  const mayErase = useMay("erase");
  const name = nameOf(person);
  const reference = referenceOf(person);
  return (
    <PageFrame
      title={name}
      hint={person.distinct_ids[0] === name ? undefined : person.distinct_ids[0]}
      extra={
        <>
          {back}
          {mayErase && <EraseButton reference={reference} name={person.distinct_ids[0] ?? reference} />}
        </>
      }
    >
      <div style={{ display: "flex", flexWrap: "wrap", gap: 16, alignItems: "flex-start" }}>
        <Card size="small" style={{ flex: "1 1 360px", maxWidth: 480 }}>
          <div className="stack">
            <div className="row" style={{ gap: 12 }}>
              <PersonMark name={name} id={person.person_id} size={44} />
              <Descriptions
                size="small"
                column={1}
                style={{ flex: 1 }}
                items={[
                  { key: "count", label: t("people.person.events"), children: words.number(person.event_count) },
                  { key: "first", label: t("people.person.firstEvent"), children: <Moment at={person.first_event_at} /> },
                  { key: "last", label: t("people.person.lastEvent"), children: <Moment at={person.last_event_at} /> },
                ]}
              />
            </div>
            <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
              {t("tagging.person.title")}
            </Typography.Title>
            <PersonTags reference={reference} />
            <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
              {t("tagging.person.audiences")}
            </Typography.Title>
            <PersonAudiences reference={reference} />
            <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
              {t("people.person.profile")}
            </Typography.Title>
            {Object.keys(person.properties).length > 0 ? (
              <PropertyTable properties={person.properties} label={t("people.person.profile")} />
            ) : (
              <Typography.Text type="secondary">{t("people.person.noProfile")}</Typography.Text>
            )}
          </div>
        </Card>
        <Card size="small" style={{ flex: "100 1 520px", minWidth: 0 }} styles={{ body: { paddingTop: 4 } }}>
          <Tabs
            destroyOnHidden
            activeKey={url.get("tab") || "timeline"}
            onChange={(tab) => url.change({ tab: tab === "timeline" ? null : tab })}
            items={[
              { key: "timeline", label: t("people.person.tabs.timeline"), children: <Timeline reference={reference} /> },
              { key: "activity", label: t("people.person.tabs.activity"), children: <PersonActivity reference={reference} /> },
              { key: "messages", label: t("people.person.tabs.messages"), children: <PersonMessages reference={reference} /> },
              { key: "identities", label: `${t("people.person.tabs.identities")} (${person.distinct_ids.length})`, children: <Identities reference={reference} ids={person.distinct_ids} /> },
            ]}
          />
        </Card>
      </div>
    </PageFrame>
  );
}
