import { useTranslation } from "react-i18next";
import { Mark, type Tone } from "@/components/page";
import type { Lever, Status } from "./types";

const TONES: Record<Status, Tone> = { draft: "quiet", review: "care", scheduled: "busy", running: "good", paused: "care", finished: "quiet", evaluated: "busy" };

export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[status]}>{t(`campaigns.statuses.${status}`)}</Mark>;
}

export function LeverMark({ lever }: { lever: Lever }) {
  const { t } = useTranslation();
  return <Mark tone="quiet">{t(`studies.levers.${lever}`)}</Mark>;
}
