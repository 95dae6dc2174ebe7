import { Card, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, PageFrame, usePages, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { propertyNames } from "../naming";
import { PeopleTable } from "../PeopleTable";

const SHOWN_AT_FIRST = 4;

/** Everyone in the event log, to be searched. */
export function PeoplePage() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const search = url.get("search");
  const searchIn = url.all("in");
  const people = usePages(["people", project.id, search, searchIn], (cursor) =>
    taken(
      api.GET("/api/projects/{project_id}/people", {
        params: { path: { project_id: project.id }, query: { search: search || undefined, property: searchIn.length > 0 ? searchIn : undefined, cursor, limit: 50 } },
      }),
    ),
  );
  const names = propertyNames(people.items);
  const chosen = url.all("column");
  const columns = chosen.length > 0 ? chosen : names.slice(0, SHOWN_AT_FIRST);
  const options = [...new Set([...names, ...columns, ...searchIn])].map((value) => ({ value, label: value }));
  const nobody = !people.isPending && people.items.length === 0;
  return (
    <PageFrame title={t("people.list.title")} hint={t("people.list.hint")}>
      <div className="row" style={{ alignItems: "stretch" }}>
        <Input.Search key={search} allowClear style={{ width: 300 }} defaultValue={search} placeholder={t("people.list.search")} aria-label={t("people.list.search")} onSearch={(text) => url.change({ search: text.trim() })} />
        <Select
          mode="tags"
          allowClear
          maxTagCount="responsive"
          style={{ minWidth: 220, flex: "0 1 280px" }}
          value={searchIn}
          options={options}
          placeholder={t("people.list.searchIn")}
          aria-label={t("people.list.searchIn")}
          onChange={(values: string[]) => url.change({ in: values })}
        />
        <Select
          mode="tags"
          allowClear
          maxTagCount="responsive"
          style={{ minWidth: 220, flex: "0 1 320px" }}
          value={chosen}
          options={options}
          placeholder={t("people.list.columns")}
          aria-label={t("people.list.columns")}
          onChange={(values: string[]) => url.change({ column: values })}
        />
      </div>
      {people.error && <Failure error={people.error} retry={() => void people.refetch()} />}
      {nobody && !people.error && (
        <Empty title={t(search ? "people.list.noMatch" : "people.list.empty")} hint={t(search ? "people.list.noMatchHint" : "people.list.emptyHint")} />
      )}
      {!nobody && !people.error && (
        <Card styles={{ body: { padding: 0 } }}>
          <PeopleTable people={people.items} loading={people.isPending} properties={columns} moments />
          <LoadMore list={people} />
        </Card>
      )}
    </PageFrame>
  );
}
