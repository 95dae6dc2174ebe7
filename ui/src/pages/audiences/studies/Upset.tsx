import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { useSubjects } from "@/query/subjects";
import { COLORS } from "@/results/Chart";
import { useFigures } from "@/results/figures";
import { Clickable } from "@/results/Table";
import { useStudy } from "./ask";
import type { Shown } from "./StudyPeople";

interface Overlap {
  sizes: number[];
  people: number;
  intersections: { sets: number[]; people: number }[];
}

const MOST_COLUMNS = 24;
const TALL = 150;

/** An upset plot: a column for each intersection that has people, dots for the audiences that it lies in. */
export function Upset({ ids, show }: { ids: readonly string[]; show: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { subjects } = useSubjects();
  const sets = ids.map((subject_id) => ({ subject_id }));
  const overlap = useStudy<Overlap>("overlap", { sets });
  const nameOf = (place: number) => subjects.find((each) => each.id === ids[place])?.name ?? "";
  const columns = (overlap.data?.intersections ?? []).filter((each) => each.people > 0).slice(0, MOST_COLUMNS);
  const most = Math.max(1, ...columns.map((each) => each.people));
  const titleOf = (places: readonly number[]) => t(places.length === 1 ? "studies.compare.only" : "studies.compare.both", { names: places.map(nameOf).join(t("audiences.combining.separator")) });
  return (
    <Card size="small" title={t("studies.compare.overlap")} extra={overlap.data && <span className="figure">{t("studies.compare.union", { people: figures.number(overlap.data.people) })}</span>}>
      {overlap.error && <Failure error={overlap.error} small />}
      {overlap.data && columns.length === 0 && <Empty title={t("studies.noData")} />}
      {columns.length > 0 && (
        <div className="stack" style={{ gap: 8 }}>
          <span style={{ fontSize: 13, opacity: 0.85 }}>{t("studies.compare.overlapHint")}</span>
          <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("studies.compare.overlap")}>
            <table className="upset">
              <tbody>
                <tr>
                  <th scope="row">{t("studies.compare.intersections")}</th>
                  {columns.map(({ sets: places, people }) => (
                    <td key={places.join()} style={{ verticalAlign: "bottom" }}>
                      <div className="figure" style={{ fontSize: 12 }}>
                        <Clickable label={`${titleOf(places)}: ${people}`} onClick={() => show({ title: titleOf(places), path: "overlap/people", body: { sets, within: places } })}>
                          {figures.compact(people)}
                        </Clickable>
                      </div>
                      <div aria-hidden style={{ height: Math.max(2, (people / most) * TALL), background: places.length > 1 ? "#3355ff" : "#8a94a6", borderRadius: "4px 4px 0 0", width: 26, margin: "2px auto 0" }} />
                    </td>
                  ))}
                </tr>
                {ids.map((id, place) => (
                  <tr key={id}>
                    <th scope="row">
                      <span className="row" style={{ flexWrap: "nowrap", justifyContent: "flex-end" }}>
                        <span style={{ overflow: "hidden", textOverflow: "ellipsis", maxWidth: 200 }}>{nameOf(place)}</span>
                        <span className="figure" style={{ fontWeight: 400 }}>{figures.compact(overlap.data?.sizes[place])}</span>
                        <span aria-hidden style={{ width: 10, height: 10, borderRadius: 5, background: COLORS[place % COLORS.length] }} />
                      </span>
                    </th>
                    {columns.map(({ sets: places }) => (
                      <td key={places.join()}>
                        <span role="img" aria-label={t(places.includes(place) ? "common.yes" : "common.no")} className={places.includes(place) ? "upset-dot on" : "upset-dot"} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </Card>
  );
}
