import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { SelectorField } from "@/components/query/Fields";
import { FilterEditor } from "@/components/query/FilterEditor";
import type { Occurrence } from "./types";
import { WindowFields } from "./WindowFields";

/** A person's first or last such event: when it was, and what it was like. */
export function OccurrenceFields({ value, onChange }: { value: Occurrence; onChange: (occurrence: Occurrence) => void }) {
  const { t } = useTranslation();
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="condition-line">
        <Select
          aria-label={t("conditions.which")}
          value={value.which}
          popupMatchSelectWidth={false}
          options={(["first", "last"] as const).map((each) => ({ value: each, label: t(`conditions.whiches.${each}`) }))}
          onChange={(which) => onChange({ ...value, which })}
        />
        <WindowFields value={value.window} onChange={(window) => onChange({ ...value, window })} />
      </div>
      <SelectorField label={t("conditions.event")} value={value.event} onChange={(event) => onChange({ ...value, event })} />
      <div className="stack" style={{ gap: 4 }}>
        <span style={{ fontSize: 13 }}>{t("conditions.where")}</span>
        <FilterEditor value={value.filter} events={value.event.events} onChange={(filter) => onChange({ ...value, filter })} />
      </div>
    </div>
  );
}
