import { Button, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ownHeaders, refusalOf } from "@/api/client";
import { Failure } from "@/components/Failure";
import { usePages } from "@/components/page";
import { nameOf, personAddress } from "@/pages/people/naming";
import { addressOf } from "@/query/requests";
import { useFigures } from "@/results/figures";
import { useProject } from "@/session/session";
import type { Foretold, Prediction } from "./types";
import { useLevelName } from "./useLevelName";

/** Who is most at risk, or will be worth most, with the reasons in words. */
export function ForetoldPeople({ prediction }: { prediction: Prediction }) {
  const { t, i18n } = useTranslation();
  const { id } = useProject();
  const figures = useFigures();
  const levelName = useLevelName();
  const people = usePages(["predictions", id, prediction.id, "people"], async (cursor) => {
    const search = new URLSearchParams({ limit: "50", ...(cursor ? { cursor } : {}) });
    const response = await fetch(addressOf(id, `predictions/${prediction.id}/people?${search}`), { credentials: "same-origin", headers: ownHeaders() });
    if (!response.ok) throw await refusalOf(response);
    return (await response.json()) as { items: Foretold[]; next_cursor: string | null };
  });
  if (people.error) return <Failure error={people.error} retry={() => void people.refetch()} />;
  const value = prediction.kind === "value";
  return (
    <div className="stack">
      <strong>{t(value ? "studies.predictions.mostValue" : "studies.predictions.most")}</strong>
      <Table<Foretold>
        size="small"
        rowKey={(each) => each.person.person_id}
        loading={people.isPending}
        dataSource={people.items}
        pagination={false}
        scroll={{ x: 760 }}
        columns={[
          { title: t("people.list.person"), key: "person", width: 200, render: (_, each) => <Link to={personAddress(id, each.person)}>{nameOf(each.person)}</Link> },
          { title: t(value ? "studies.predictions.expected" : "studies.predictions.chance"), key: "score", width: 130, align: "right", render: (_, each) => <span className="figure">{value ? figures.number(each.score) : figures.percent(each.score)}</span> },
          { title: t("studies.predictions.level"), key: "value", width: 90, render: (_, each) => levelName(each.value) },
          value
            ? { title: t("studies.predictions.alive"), key: "alive", render: (_, each) => <span className="figure">{figures.percent(each.figures.alive)} · {t("studies.predictions.purchases")} {figures.number(each.figures.purchases)}</span> }
            : {
                title: t("studies.predictions.reasons"),
                key: "reasons",
                render: (_, each) => (
                  <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                    {each.reasons.slice(0, 3).map((reason) => (
                      <li key={reason.feature}>{i18n.language === "zh" ? reason.sentence_zh : reason.sentence_en}</li>
                    ))}
                  </ul>
                ),
              },
        ]}
      />
      {people.hasNextPage && (
        <div>
          <Button loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
            {t("common.loadMore")}
          </Button>
        </div>
      )}
    </div>
  );
}
