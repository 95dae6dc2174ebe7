import { Button, Card, Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { Mark, useAction } from "@/components/page";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { PurposeForm } from "./PurposeForm";
import { type Figures, MEDIA, type Medium, type Purpose, type Rule, RULES, ruleOf, useConsentFigures, usePurposes } from "./queries";

/** Purposes by media: when somebody may be written to, and how many said what. */
export function Purposes() {
  const { t, i18n } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const [making, make] = useState(false);
  const purposes = usePurposes();
  const figures = useConsentFigures();
  const change = useAction(
    ({ purpose, medium, rule }: { purpose: Purpose; medium: Medium; rule: Rule }) => {
      const { key, ...rest } = purpose;
      return taken(api.PUT("/api/projects/{project_id}/consent/purposes/{key}", { params: { path: { project_id, key } }, body: { ...rest, rules: { ...rest.rules, [medium]: rule } } }));
    },
    { done: t("consent.ruleSaved"), refresh: [["consent", project_id]] },
  );
  const error = purposes.error ?? figures.error;
  if (error) return <Failure error={error} retry={() => void Promise.all([purposes.refetch(), figures.refetch()])} />;
  const nameOf = (purpose: Purpose) => (i18n.language === "zh" ? purpose.name_zh : purpose.name_en);
  return (
    <div className="stack">
      <div className="row between">
        <span style={{ opacity: 0.85 }}>{t("consent.matrixHint")}</span>
        {may && (
          <Button icon={<PlusOutlined />} onClick={() => make(true)}>
            {t("consent.newPurpose")}
          </Button>
        )}
      </div>
      <Card styles={{ body: { padding: 0 } }}>
        <Table<Purpose>
          size="small"
          rowKey="key"
          pagination={false}
          loading={purposes.isPending || figures.isPending}
          dataSource={purposes.data}
          scroll={{ x: 1180 }}
          columns={[
            {
              title: t("consent.purpose"),
              key: "name",
              fixed: "left",
              width: 170,
              render: (_, purpose) => (
                <div>
                  <strong>{nameOf(purpose)}</strong>
                  <div style={{ opacity: 0.85 }}>{t(`consent.kinds.${purpose.kind ?? "marketing"}`)}</div>
                </div>
              ),
            },
            ...MEDIA.map((medium) => ({
              title: t(`outbox.media.${medium}`),
              key: medium,
              width: 165,
              render: (_: unknown, purpose: Purpose) => (
                <div className="consent-cell">
                  {may ? (
                    <Select
                      size="small"
                      variant="filled"
                      style={{ width: 150 }}
                      popupMatchSelectWidth={false}
                      aria-label={t("consent.changeRule", { purpose: nameOf(purpose), medium: t(`outbox.media.${medium}`) })}
                      value={ruleOf(purpose, medium)}
                      options={RULES.map((value) => ({ value, label: t(`consent.rules.${value}`) }))}
                      onChange={(rule: Rule) => change.mutate({ purpose, medium, rule })}
                    />
                  ) : (
                    <span>{t(`consent.rules.${ruleOf(purpose, medium)}`)}</span>
                  )}
                  <Counted counts={(figures.data?.consents ?? []).filter((each) => each.purpose === purpose.key && each.medium === medium)} />
                </div>
              ),
            })),
          ]}
        />
      </Card>
      {making && <PurposeForm close={() => make(false)} />}
    </div>
  );
}

const TONES = { given: "good", confirmed: "good", pending: "busy", withdrawn: "care" } as const;

function Counted({ counts }: { counts: Figures["consents"] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <span>
      {counts.map((each) => {
        const state = each.state === "given" && each.confirmed ? "confirmed" : (each.state as "given" | "pending" | "withdrawn");
        return <Mark key={state} tone={TONES[state]}>{`${t(`consent.states.${state}`)} ${figures.number(each.people)}`}</Mark>;
      })}
    </span>
  );
}
