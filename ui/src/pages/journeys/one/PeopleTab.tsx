import { Input, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import type { Journey } from "../common/types";
import { PassageTable } from "./PassageTable";

const STATES = ["all", "inside", "left"] as const;

/** Everybody who came in; a person is found by any id, and shown with every move. */
export function PeopleTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation();
  const [person, find] = useState("");
  const [state, setState] = useState<(typeof STATES)[number]>("all");
  if (!journey.version) return <Empty title={t("journeys.people.notStarted")} hint={t("journeys.people.notStartedHint")} />;
  return (
    <div className="stack">
      <div className="row">
        <Input.Search allowClear style={{ maxWidth: 340 }} placeholder={t("journeys.people.search")} aria-label={t("journeys.people.search")} onSearch={(text) => find(text.trim())} />
        <Segmented aria-label={t("journeys.state")} value={state} onChange={setState} options={STATES.map((value) => ({ value, label: t(`journeys.people.states.${value}`) }))} />
      </div>
      <PassageTable journey={journey} opened={person !== ""} wanted={{ ...(person ? { person } : {}), ...(state === "all" ? {} : { state }) }} />
    </div>
  );
}
