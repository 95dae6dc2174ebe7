import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { nameOf, referenceOf } from "@/pages/people/naming";
import { useProject } from "@/session/session";
import { useSettled } from "./checking";

interface Props {
  /** Their reference, and what they are called. */
  value: { person: string; name: string } | null;
  onChange: (chosen: { person: string; name: string }) => void;
}

/** A person, found by name, mail, phone or id. */
export function PersonPicker({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [typed, type] = useState("");
  const search = useSettled(typed.trim());
  const found = useQuery({
    queryKey: ["person-picker", project_id, search],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/people", { params: { path: { project_id }, query: { search: search || undefined, limit: 12 } } })),
    staleTime: 30_000,
  });
  const options = (found.data?.items ?? []).map((each) => {
    const name = nameOf(each);
    const id = each.distinct_ids[0];
    return { value: referenceOf(each), label: id && id !== name ? `${name} · ${id}` : name, name };
  });
  if (value && !options.some((each) => each.value === value.person)) options.unshift({ value: value.person, label: value.name, name: value.name });
  return (
    <Select
      aria-label={t("templates.look.choose")}
      placeholder={t("templates.look.choose")}
      style={{ flex: "1 1 220px", minWidth: 160 }}
      showSearch={{ filterOption: false, onSearch: type }}
      loading={found.isFetching}
      value={value?.person}
      options={options}
      onChange={(person: string) => onChange({ person, name: options.find((each) => each.value === person)?.name ?? person })}
    />
  );
}
