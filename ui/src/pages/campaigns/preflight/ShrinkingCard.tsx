import { Card, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useChannelName } from "../shared/queries";
import type { Preflight, Reach } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { shrinking, type Step } from "./shrinking";

/** The audience shrinking to those who will be written to, for one message at a time. */
export function ShrinkingCard({ found }: { found: Preflight }) {
  const { t } = useTranslation();
  const { percent } = useCampaignFigures();
  const [shown, show] = useState(0);
  const reach = found.channels[shown] ?? found.channels[0];
  const title = t("campaigns.preflight.shrinking");
  if (!reach) return <Card size="small" title={title}>{t(found.people.audience ? "campaigns.preflight.notAsked" : "campaigns.preflight.nobody")}</Card>;
  const nameOf = (step: string, variant: string | null) => (variant ? `${step} · ${variant}` : step);
  const by = (what: Reach["by_policy"][number]) => (reach.by_policy.includes(what) ? ` (${t("outbox.byPolicy")})` : "");
  const steps = shrinking(found, reach);
  const most = Math.max(1, found.people.audience);
  return (
    <Card size="small" title={title} extra={found.channels.length > 1 && <Segmented<number> size="small" aria-label={t("campaigns.preflight.which")} value={shown} onChange={show} options={found.channels.map((each, value) => ({ value, label: nameOf(each.step, each.variant) }))} />}>
      <ol className="shrinking" aria-label={title}>
        {steps.map((each, place) => (
          <Bar key={place} step={each} most={most} />
        ))}
      </ol>
      <p style={{ fontSize: 13, marginBottom: 0 }}>{t("campaigns.preflight.goes", { time: t(`outbox.sendTimes.${reach.send_time}`) + by("send_time"), priority: t(`campaigns.plan.priorities.${reach.priority}`) + by("priority") })}</p>
      {reach.share < 1 && <p style={{ fontSize: 13, marginBottom: 0 }}>{t("campaigns.preflight.sampled", { share: percent(reach.share) })}</p>}
    </Card>
  );
}

function Bar({ step, most }: { step: Step; most: number }) {
  const { t } = useTranslation();
  const figures = useCampaignFigures();
  const channelName = useChannelName();
  const width = (people: number) => `${(100 * people) / most}%`;
  const name =
    step.kind === "start"
      ? t("campaigns.preflight.audience")
      : step.kind === "final"
        ? t("campaigns.preflight.reached")
        : step.channel
          ? t("campaigns.preflight.by", { channel: channelName(step.channel) })
          : t(`campaigns.blocked.${step.reason as "no_address"}`, { defaultValue: step.reason ?? "" });
  return (
    <li className={step.kind}>
      <span>{name}</span>
      <span className="track" aria-hidden>
        <span className="left" style={{ width: width(step.people) }} />
        {step.lost > 0 && <span className="lost" style={{ insetInlineStart: width(step.people), width: width(step.lost) }} />}
        {step.later ? <span className="later" style={{ insetInlineStart: width(step.people - step.later), width: width(step.later) }} /> : null}
      </span>
      <span className="figure">
        {step.lost > 0 ? (
          `−${figures.number(step.lost)}`
        ) : (
          <>
            <strong>{figures.number(step.people)}</strong> {step.kind !== "start" && figures.percent(step.people / most)}
          </>
        )}
        {step.later ? <small style={{ display: "block" }}>{t("campaigns.preflight.later", { people: figures.number(step.later) })}</small> : null}
      </span>
    </li>
  );
}
