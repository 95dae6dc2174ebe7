import { Card, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { useFigures } from "@/results/figures";
import { HeatTable } from "@/results/HeatTable";
import { useProject } from "@/session/session";
import { SubjectPeopleDrawer } from "../common/SubjectPeople";
import { sinceOf, type SpanName, SPANS, useEndMs } from "../common/queries";
import { useRead } from "../studies/ask";
import { useValueName } from "../tags/useValueName";

interface Transitions {
  values: string[];
  matrix: number[][];
}

interface Props {
  subjectId: string;
  kind: string;
  title: string;
  hint: string;
  /** What the values are called together. */
  corner: string;
  /** The order of the values, where it is known. */
  order?: readonly string[];
}

/** The same with the values in an order; those that are not in it stay last. */
function ordered({ values, matrix }: Transitions, order: readonly string[] = values): Transitions {
  const rank = (value: string) => (order.includes(value) ? order.indexOf(value) : order.length + values.indexOf(value));
  const places = values.map((_, place) => place).sort((one, other) => rank(values[one] ?? "") - rank(values[other] ?? ""));
  return { values: places.map((place) => values[place] ?? ""), matrix: places.map((row) => places.map((column) => matrix[row]?.[column] ?? 0)) };
}

/** Who had which value of a tag some time ago and which now. */
export function Matrix({ subjectId, kind, title, hint, corner, order }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const nameOf = useValueName(kind);
  const [span, setSpan] = useState<SpanName>("month");
  const [shown, show] = useState<[string, string] | null>(null);
  const after = sinceOf(span, useEndMs());
  const found = useRead<Transitions>(`flows/${subjectId}/transitions?after=${encodeURIComponent(after)}`);
  const { values, matrix } = ordered(found.data ?? { values: [], matrix: [] }, order);
  const rows = values.map((before, row) => {
    const sizes = matrix[row] ?? [];
    const people = sizes.reduce((sum, each) => sum + each, 0);
    return {
      name: nameOf(before),
      size: figures.number(people),
      cells: values.map((value, column) => {
        const moved = sizes[column] ?? 0;
        return {
          text: moved ? figures.number(moved) : "",
          heat: moved && people ? moved / people : null,
          title: people ? figures.percent(moved / people) : undefined,
          onClick: moved && before !== value ? () => show([before, value]) : undefined,
        };
      }),
    };
  });
  return (
    <Card
      size="small"
      title={title}
      extra={<Segmented<SpanName> size="small" aria-label={t("insights.period")} value={span} onChange={setSpan} options={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, label: t(`audiences.one.spans.${value}`) }))} />}
    >
      {found.error && <Failure error={found.error} small />}
      {found.data && values.length === 0 && <Empty title={t("tagging.one.movesEmpty")} />}
      {values.length > 0 && (
        <div className="stack" style={{ gap: 8 }}>
          <span style={{ fontSize: 13, opacity: 0.85 }}>{hint}</span>
          <HeatTable corner={[corner, t("studies.people")]} columns={values.map(nameOf)} rows={rows} caption={title} />
        </div>
      )}
      {shown && (
        <SubjectPeopleDrawer
          title={`${nameOf(shown[0])} → ${nameOf(shown[1])}`}
          close={() => show(null)}
          queryKey={["subject-moved", project_id, subjectId, ...shown, after]}
          empty={t("tagging.one.movesEmpty")}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/subjects/{subject_id}/moved", { params: { path: { project_id, subject_id: subjectId }, query: { after, before: shown[0], value: shown[1], cursor, limit: 50 } } }))}
        />
      )}
    </Card>
  );
}
