import { useQuery } from "@tanstack/react-query";
import { Drawer, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { LoadMore, usePages, useUrlState, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { propertyNames } from "../naming";
import { PeopleTable } from "../PeopleTable";
import { type Audience, AudienceVerbs } from "./AudiencesPage";

/** Who is in an audience; open while the address names one. */
export function AudienceDrawer() {
  const project = useProject();
  const url = useUrlState();
  const id = url.get("audience");
  const close = () => url.change({ audience: null });
  const audience = useQuery({
    queryKey: ["audiences", project.id, "one", id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/audiences/{audience_id}", { params: { path: { project_id: project.id, audience_id: id } } })),
    enabled: id !== "",
  });
  return (
    <Drawer open={id !== ""} size={820} title={audience.data?.name} onClose={close} destroyOnHidden extra={audience.data && <AudienceVerbs audience={audience.data} removed={close} />}>
      {id !== "" && audience.isPending && <Waiting />}
      {id !== "" && audience.error && <Failure error={audience.error} retry={() => void audience.refetch()} />}
      {id !== "" && audience.data && <Members audience={audience.data} />}
    </Drawer>
  );
}

function Members({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const project = useProject();
  const words = useWording();
  const people = usePages(["audience-people", project.id, audience.id], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/audiences/{audience_id}/people", { params: { path: { project_id: project.id, audience_id: audience.id }, query: { cursor, limit: 50 } } })),
  );
  if (people.error) return <Failure error={people.error} retry={() => void people.refetch()} />;
  if (!people.isPending && people.items.length === 0) return <Empty title={t("people.audiences.noPeople")} />;
  return (
    <div className="stack">
      {audience.description && <Typography.Text type="secondary">{audience.description}</Typography.Text>}
      <strong className="figure">
        {t("people.audiences.size")} {words.number(audience.size)}
      </strong>
      <PeopleTable people={people.items} loading={people.isPending} properties={propertyNames(people.items).slice(0, 3)} />
      <LoadMore list={people} />
    </div>
  );
}
