import { useTranslation } from "react-i18next";
import { Mark, type Tone } from "@/components/page";
import type { JourneyState } from "./types";

const TONES: Record<JourneyState, Tone> = { draft: "quiet", running: "good", paused: "care", closing: "busy", stopping: "busy", ended: "quiet" };

export function StateMark({ state }: { state: JourneyState }) {
  const { t } = useTranslation();
  return <Mark tone={TONES[state]}>{t(`journeys.states.${state}`)}</Mark>;
}
