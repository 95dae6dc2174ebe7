import { useQueries } from "@tanstack/react-query";
import { Button, Input, Popover, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { DownOutlined, PlusOutlined } from "@/components/icons";
import { useEvents, useProperties } from "@/query/catalog";
import { useProject } from "@/session/session";
import { useLookups, useSnippets } from "../common/queries";
import { output, pathOf } from "./body";

interface Entry {
  group: "person" | "event" | "campaign" | "links" | "catalog" | "snippets" | "others";
  label: string;
  text: string;
}

/** What may be put into a template, found by a search; it goes where somebody wrote last. */
export function InsertMenu({ insert }: { insert: (text: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const put = (text: string) => {
    setOpen(false);
    insert(text);
  };
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomLeft" destroyOnHidden content={<Entries put={put} />}>
      <Button icon={<PlusOutlined />} title={t("templates.edit.insertHint")}>
        {t("templates.edit.insert")} <DownOutlined style={{ fontSize: 10 }} />
      </Button>
    </Popover>
  );
}

function Entries({ put }: { put: (text: string) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [event, setEvent] = useState<string | null>(null);
  const events = useEvents();
  const entries = useEntries(event ?? events[0]?.name);
  const wanted = search.trim().toLowerCase();
  const found = entries.filter((each) => !wanted || each.label.toLowerCase().includes(wanted) || each.text.toLowerCase().includes(wanted));
  const groups = [...new Set(found.map((each) => each.group))];
  return (
    <div className="stack" style={{ width: 360, maxWidth: "80vw", gap: 8 }}>
      <Input.Search autoFocus allowClear placeholder={t("templates.edit.insertSearch")} aria-label={t("templates.edit.insertSearch")} value={search} onChange={(change) => setSearch(change.target.value)} />
      <div style={{ maxHeight: 380, overflow: "auto" }} role="region" aria-label={t("templates.edit.insert")} tabIndex={0}>
        {groups.map((group) => (
          <section key={group} aria-label={t(`templates.edit.groups.${group}`)}>
            <div className="row between" style={{ padding: "8px 0 4px" }}>
              <strong>{t(`templates.edit.groups.${group}`)}</strong>
              {group === "event" && <Select size="small" aria-label={t("templates.edit.eventOf")} style={{ width: 180 }} showSearch value={event ?? events[0]?.name} options={events.map((each) => ({ value: each.name, label: each.label }))} onChange={setEvent} />}
            </div>
            {found
              .filter((each) => each.group === group)
              .map((each) => (
                <Button key={each.text} type="text" block style={{ justifyContent: "flex-start", height: "auto", padding: "3px 8px", textAlign: "start" }} onClick={() => put(each.text)}>
                  <span className="stack" style={{ gap: 0, alignItems: "flex-start", whiteSpace: "normal" }}>
                    <span>{each.label}</span>
                    <code style={{ fontSize: 12, opacity: 0.8, overflowWrap: "anywhere" }}>{each.text}</code>
                  </span>
                </Button>
              ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function useEntries(event: string | undefined): Entry[] {
  const { t } = useTranslation();
  const properties = useProperties(event === undefined ? [] : [event]);
  const snippets = useSnippets();
  const columns = useColumns();
  const known = (scope: "person" | "event") =>
    properties.filter((each) => each.ref.scope === scope).map((each) => ({ group: scope, label: each.label, text: output(pathOf(scope, each.ref.name)) }));
  return [
    ...known("person"),
    ...known("event"),
    { group: "campaign", label: t("templates.edit.campaign.name"), text: output("campaign.name") },
    { group: "campaign", label: t("templates.edit.campaign.code"), text: output("campaign.offer.code") },
    { group: "campaign", label: t("templates.edit.campaign.words"), text: output("campaign.offer.words") },
    { group: "links", label: t("templates.edit.links.unsubscribe"), text: "{{ links.unsubscribe }}" },
    { group: "links", label: t("templates.edit.links.preferences"), text: "{{ links.preferences }}" },
    ...columns.map(({ table, column }): Entry => ({ group: "catalog", label: `${table} · ${column}`, text: output(`catalog.${table}[event.key].${PLAIN.test(column) ? column : ""}`.replace(/\.$/, `["${column}"]`)) })),
    ...(snippets.data ?? []).map((each): Entry => ({ group: "snippets", label: each.description || each.name, text: `{% render "${each.name}" %}` })),
    { group: "others", label: t("templates.edit.others.now"), text: "{{ now | date: '%Y-%m-%d' }}" },
    { group: "others", label: t("templates.edit.others.project"), text: "{{ project.name }}" },
    { group: "others", label: t("templates.edit.others.distinct"), text: "{{ person.distinct_id }}" },
    { group: "others", label: t("templates.edit.others.condition"), text: "{% if person.name %}{{ person.name }}{% endif %}" },
    { group: "others", label: t("templates.edit.others.money"), text: "{{ event.total | default: 0 | money: project.currency }}" },
  ];
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The columns of every look-up table, read off its first row. */
function useColumns(): { table: string; column: string }[] {
  const { id: project_id } = useProject();
  const tables = useLookups();
  const rows = useQueries({
    queries: (tables.data ?? []).slice(0, 20).map(({ name }) => ({
      queryKey: ["lookups", project_id, name, "first"],
      queryFn: () => taken(api.GET("/api/projects/{project_id}/message-lookups/{name}", { params: { path: { project_id, name }, query: { limit: 1 } } })),
      staleTime: 60_000,
    })),
  });
  return (tables.data ?? []).flatMap(({ name }, place) => Object.keys(rows[place]?.data?.[0]?.values ?? {}).map((column) => ({ table: name, column })));
}
