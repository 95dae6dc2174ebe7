import { Drawer, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, usePages } from "@/components/page";
import type { Schemas } from "@/api/types";
import { propertyNames } from "@/pages/people/naming";
import { PeopleTable } from "@/pages/people/PeopleTable";

type Person = Schemas["PersonBehind"];
interface Page {
  items: Person[];
  next_cursor?: string | null;
}

interface Props {
  queryKey: readonly unknown[];
  read: (cursor: string | undefined) => Promise<Page>;
  empty: string;
}

/** People, page by page, with those of their properties that the reader wants. */
export function SubjectPeople({ queryKey, read, empty }: Props) {
  const { t } = useTranslation();
  const [wanted, want] = useState<string[] | null>(null);
  const people = usePages(queryKey, read);
  if (people.error) return <Failure error={people.error} retry={() => void people.refetch()} />;
  if (!people.isPending && people.items.length === 0) return <Empty title={empty} />;
  const known = propertyNames(people.items);
  const shown = wanted ?? known.slice(0, 4);
  return (
    <div className="stack">
      <label className="row">
        <span>{t("audiences.one.shown")}</span>
        <Select mode="multiple" aria-label={t("audiences.one.shown")} maxTagCount="responsive" style={{ minWidth: 300, maxWidth: 560, flex: 1 }} value={shown} options={known.map((name) => ({ value: name, label: name }))} onChange={want} />
      </label>
      <PeopleTable people={people.items} loading={people.isPending} properties={shown} />
      <LoadMore list={people} />
    </div>
  );
}

/** The same at the side of a page. */
export function SubjectPeopleDrawer({ title, close, ...rest }: Props & { title: string; close: () => void }) {
  return (
    <Drawer open size={820} title={title} onClose={close} destroyOnHidden>
      <SubjectPeople {...rest} />
    </Drawer>
  );
}
