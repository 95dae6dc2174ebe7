import { Card } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { SubjectPeopleDrawer } from "@/pages/audiences/common/SubjectPeople";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useProject } from "@/session/session";
import { VARIANT_COLORS } from "../common/Marks";
import type { Experiment, Reading } from "../common/types";

interface Props {
  reading: Reading;
  experiment?: Experiment;
  nameOf: (variant: string) => string;
}

/** How many entered each variant, beside what was planned; a number opens the people behind it. */
export function GroupsCard({ reading, experiment, nameOf }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const [open, setOpen] = useState<string | null>(null);
  const total = reading.groups.reduce((sum, each) => sum + each.people, 0) || 1;
  const planned = reading.groups.some((each) => each.share !== null);
  return (
    <Card size="small" title={t("experiments.reading.groups")}>
      <table className="intervals" aria-label={t("experiments.reading.groups")}>
        <thead>
          <tr style={{ fontSize: 13 }}>
            <th scope="col">{t("experiments.variant")}</th>
            <th scope="col" style={{ textAlign: "end" }}>
              {t("experiments.people")}
            </th>
            <th scope="col" style={{ textAlign: "end" }}>
              {t("experiments.reading.actual")}
            </th>
            {planned && (
              <th scope="col" style={{ textAlign: "end" }}>
                {t("experiments.reading.planned")}
              </th>
            )}
            <th scope="col" style={{ textAlign: "end" }}>
              {t("experiments.reading.several")}
            </th>
          </tr>
        </thead>
        <tbody>
          {reading.groups.map((group, place) => (
            <tr key={group.variant}>
              <th scope="row">
                <span className="row" style={{ gap: 6 }}>
                  <span aria-hidden style={{ width: 9, height: 9, borderRadius: 3, background: VARIANT_COLORS[place % VARIANT_COLORS.length] }} />
                  {nameOf(group.variant)}
                </span>
              </th>
              <td className="figure" style={{ textAlign: "end" }}>
                <Clickable label={t("experiments.reading.peopleLabel", { variant: nameOf(group.variant), people: group.people })} onClick={experiment && (() => setOpen(group.variant))}>
                  {figures.number(group.people)}
                </Clickable>
              </td>
              <td className="figure" style={{ textAlign: "end" }}>
                {figures.percent(group.people / total)}
              </td>
              {planned && (
                <td className="figure" style={{ textAlign: "end" }}>
                  {figures.percent(group.share)}
                </td>
              )}
              <td className="figure" style={{ textAlign: "end" }}>
                {figures.number(group.several)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open !== null && experiment && (
        <SubjectPeopleDrawer
          title={t("experiments.reading.peopleOf", { variant: nameOf(open) })}
          close={() => setOpen(null)}
          queryKey={["experiment-people", project_id, experiment.id, open]}
          empty={t("experiments.reading.nobody")}
          read={(cursor) => taken(api.GET("/api/projects/{project_id}/experiments/{experiment_id}/people", { params: { path: { project_id, experiment_id: experiment.id }, query: { variant: open, cursor, limit: 50 } } }))}
        />
      )}
    </Card>
  );
}
