import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useFigures } from "@/results/figures";
import { useEvents } from "@/query/catalog";

interface Props {
  value: readonly string[];
  onChange: (events: string[]) => void;
  label: string;
}

/** Events of the catalog with how often they came; none chosen means any event. */
export function EventSelect({ value, onChange, label }: Props) {
  const { t } = useTranslation();
  const events = useEvents();
  const { compact } = useFigures();
  return (
    <Select
      mode="tags"
      maxTagCount="responsive"
      style={{ width: "100%" }}
      aria-label={label}
      placeholder={t("insights.anyEvent")}
      value={[...value]}
      onChange={onChange}
      popupMatchSelectWidth={320}
      showSearch={{ optionFilterProp: "label" }}
      options={events.map((event) => ({ value: event.name, label: event.label, count: event.count }))}
      optionRender={({ data }) => (
        <div className="row between" style={{ flexWrap: "nowrap" }}>
          <span style={{ overflow: "hidden", textOverflow: "ellipsis" }}>{data.label}</span>
          <small className="figure">{compact(data.count ?? 0)}</small>
        </div>
      )}
    />
  );
}
