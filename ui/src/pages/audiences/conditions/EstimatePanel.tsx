import { Card, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import type { Schemas } from "@/api/types";
import { useFigures } from "@/results/figures";
import { sentenceOf } from "./sentence";
import type { Condition } from "./types";
import { useWords } from "./useWords";

interface Props {
  condition: Condition | null;
  estimate: Schemas["Estimate"] | undefined;
  busy: boolean;
  /** What could not be shown at a part of the condition. */
  error: unknown;
  unfinished: number;
  /** The size that was saved last, to compare with. */
  saved?: number;
}

/** How many people the condition has, and the condition in words. */
export function EstimatePanel({ condition, estimate, busy, error, unfinished, saved }: Props) {
  const { t } = useTranslation();
  const figures = useFigures();
  const words = useWords();
  const share = estimate?.everyone ? estimate.people / estimate.everyone : 0;
  const difference = saved === undefined || !estimate ? 0 : estimate.people - saved;
  return (
    <Card size="small" title={t("audiences.editor.estimate")} extra={busy && condition ? <Spin size="small" aria-label={t("audiences.editor.estimating")} /> : null}>
      <div className="stack">
        <div aria-live="polite" className="stack" style={{ gap: 6 }}>
          {!condition && <span style={{ opacity: 0.85 }}>{t("audiences.editor.nothingYet")}</span>}
          {condition && !estimate && !error && <span>{t("audiences.editor.estimating")}…</span>}
          {condition && estimate && (
            <>
              <div className="figure" data-testid="estimate" style={{ fontSize: 34, fontWeight: 650, lineHeight: 1.1, opacity: busy || error ? 0.8 : 1 }}>
                {estimate.sample < 1 ? "≈ " : ""}
                {figures.number(estimate.people)}
              </div>
              <div className="share-bar" role="img" aria-label={figures.percent(share)}>
                <div style={{ width: `${share * 100}%` }} />
              </div>
              <span className="figure">{t("audiences.editor.ofEveryone", { share: figures.percent(share), everyone: figures.number(estimate.everyone) })}</span>
              <span className="figure" style={{ fontSize: 12, opacity: 0.85 }}>
                {estimate.sample < 1
                  ? `${t("audiences.editor.interval", { low: figures.number(estimate.low), high: figures.number(estimate.high), sample: figures.percent(estimate.sample) })} · ${t("audiences.editor.sampled", { milliseconds: estimate.milliseconds })}`
                  : t("audiences.editor.exact", { milliseconds: estimate.milliseconds })}
              </span>
              {difference !== 0 && saved !== undefined && <span className="figure">{t("audiences.editor.changedFrom", { size: figures.number(saved), difference: `${difference > 0 ? "+" : ""}${figures.number(difference)}` })}</span>}
            </>
          )}
          {error ? <Failure error={error} small /> : null}
          {unfinished > 0 && <span style={{ fontSize: 13 }}>{t("audiences.editor.unfinished", { count: unfinished })}</span>}
        </div>
        {condition && (
          <div className="stack" style={{ gap: 4 }}>
            <strong style={{ fontSize: 13 }}>{t("audiences.editor.inWords")}</strong>
            <p style={{ margin: 0, lineHeight: 1.65 }}>{sentenceOf(condition, words)}</p>
          </div>
        )}
      </div>
    </Card>
  );
}
