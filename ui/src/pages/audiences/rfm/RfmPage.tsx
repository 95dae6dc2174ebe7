import { Card, Collapse, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PageFrame } from "@/components/page";
import { useEventsState } from "@/query/catalog";
import { Waiting } from "@/components/Waiting";
import { useFigures } from "@/results/figures";
import { useFreshWindow } from "../conditions/useFreshWindow";
import { Matrix } from "../lifecycle/Matrix";
import { useStudy } from "../studies/ask";
import { SaveTag } from "../studies/SaveTag";
import { type Shown, StudyPeople } from "../studies/StudyPeople";
import { useTagsOfKind } from "../studies/useTagsOfKind";
import { freshTag } from "../tags/making";
import { readyTag } from "../tags/ready";
import { RfmFields } from "../tags/RfmFields";
import type { RfmTag } from "../tags/types";
import { RfmGroups } from "./RfmGroups";
import { RfmHeat } from "./RfmHeat";
import { GROUP_CODES, type Rfm } from "./types";
import "../audiences.css";

const PURCHASE = /purchase|order|buy|pay|购买|下单|支付|订单/i;

/** Buyers by recency, frequency and money: eight groups, what to do with each, and who moved between them. */
export function RfmPage() {
  const { t } = useTranslation();
  const window = useFreshWindow();
  const { events, ready: known } = useEventsState();
  const { tags, ready } = useTagsOfKind("rfm");
  const [typed, type] = useState<RfmTag | null>(null);
  const [shown, show] = useState<Shown | null>(null);
  const tag = tags[0];
  const guess = events.find((each) => PURCHASE.test(each.name));
  const fresh = freshTag("rfm", window, []) as RfmTag;
  const definition = typed ?? (tag ? (tag.definition as RfmTag) : { ...fresh, event: { events: guess ? [guess.name] : [] } });
  const sent = definition.event.events?.length ? readyTag(definition) : null;
  const answer = useStudy<Rfm>("rfm", ready && known ? sent : null);
  if (!ready || !known) return <Waiting />;
  return (
    <PageFrame title={t("studies.rfm.title")} hint={t("studies.rfm.hint")} extra={sent && (!tag || typed) && <SaveTag name={t("studies.rfm.title")} definition={sent} />}>
      <Collapse size="small" defaultActiveKey={guess || tag ? [] : ["definition"]} items={[{ key: "definition", label: t("studies.definition"), children: <RfmFields value={definition} onChange={type} /> }]} />
      {!sent && <Empty title={t("studies.rfm.chooseEvent")} />}
      {answer.error && <Failure error={answer.error} retry={() => void answer.refetch()} />}
      {sent && answer.isPending && <Spin style={{ padding: 48 }} />}
      {answer.data && sent && !answer.error && <Answer rfm={answer.data} query={sent} show={show} />}
      {tag && (
        <Matrix subjectId={tag.id} kind="rfm" title={t("studies.rfm.migration")} hint={t("studies.rfm.migrationHint")} corner={t("studies.rfm.group")} order={GROUP_CODES} />
      )}
      <StudyPeople shown={shown} close={() => show(null)} />
    </PageFrame>
  );
}

function Answer({ rfm, query, show }: { rfm: Rfm; query: object; show: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (!rfm.people) return <Empty title={t("studies.noData")} />;
  const select = (selection: object, title: string) => show({ title, path: "rfm/people", body: { query, selection } });
  return (
    <>
      <Card size="small">
        <dl className="figures" style={{ margin: 0 }}>
          <div>
            <dt>{t("studies.rfm.buyers")}</dt>
            <dd data-testid="buyers">{figures.number(rfm.people)}</dd>
          </div>
          <div>
            <dt>{t("studies.rfm.total")}</dt>
            <dd>{figures.compact(rfm.value)}</dd>
          </div>
          <div style={{ flex: "1 1 360px" }}>
            <dt>{t("studies.rfm.thresholds")}</dt>
            <dd style={{ fontSize: 13, fontWeight: 400, lineHeight: 1.6 }}>
              {rfm.thresholds.map((each) => (
                <div key={each.figure}>{t("studies.rfm.threshold", { figure: t(`studies.rfm.figures.${each.figure}`), cuts: each.cuts.map((cut) => figures.number(cut)).join(" / "), high: each.high_from })}</div>
              ))}
            </dd>
          </div>
        </dl>
      </Card>
      <RfmGroups rfm={rfm} select={select} />
      <RfmHeat rfm={rfm} select={select} />
    </>
  );
}
