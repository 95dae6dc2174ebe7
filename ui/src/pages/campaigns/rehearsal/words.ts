import { useTranslation } from "react-i18next";
import type { Campaign, Rehearsal } from "../shared/types";
import { useCampaignFigures } from "../shared/words";

interface Words {
  tone: "good" | "bad" | "";
  title: string;
  sentences: string[];
}

/** What a rehearsal says, for a reader who knows no statistics. */
export function useRehearsalWords(campaign: Campaign, found: Rehearsal): Words {
  const { t } = useTranslation();
  const { money, whole, percent } = useCampaignFigures();
  const [low, , middle, , high] = found.profit.quantiles;
  const risky = found.chance_of_loss > 0.5;
  const safe = found.chance_of_loss < 0.2;
  const sentences = [
    t("campaigns.rehearsal.says.gain", { middle: whole(found.incremental.quantiles[2]), low: whole(found.incremental.quantiles[0]), high: whole(found.incremental.quantiles[4]) }),
    t("campaigns.rehearsal.says.profit", { middle: money(middle), low: money(low), high: money(high), loss: percent(found.chance_of_loss) }),
  ];
  if (found.chance_of_target !== null) sentences.push(t("campaigns.rehearsal.says.target", { chance: percent(found.chance_of_target), target: whole((campaign.plan.hypothesis?.reach ?? 0) * (campaign.plan.hypothesis?.effect ?? 0)) }));
  sentences.push(found.chance_found === null ? t("campaigns.rehearsal.says.noHoldout") : t(found.chance_found < 0.5 ? "campaigns.rehearsal.says.unseen" : "campaigns.rehearsal.says.seen", { chance: percent(found.chance_found) }));
  if (Math.abs(found.season) > 0.03) sentences.push(t(found.season > 0 ? "campaigns.rehearsal.says.busy" : "campaigns.rehearsal.says.quiet", { season: percent(Math.abs(found.season)) }));
  return { tone: risky ? "bad" : safe ? "good" : "", title: t(risky ? "campaigns.rehearsal.titles.risky" : safe ? "campaigns.rehearsal.titles.safe" : "campaigns.rehearsal.titles.open"), sentences };
}
