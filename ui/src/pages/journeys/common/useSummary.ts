import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useMemberNames } from "@/components/page";
import { eventText, sentenceOf } from "@/pages/audiences/conditions/sentence";
import { useWords } from "@/pages/audiences/conditions/useWords";
import type { Condition } from "@/pages/audiences/conditions/types";
import type { Selector } from "@/query/types";
import { useAudiences, useChannels, useExperiments, useManualTags, useTemplates } from "./queries";
import type { Definition, JourneyNode, Span } from "./types";

/** Lengths of time, events and whole nodes in words. */
export function useSummary() {
  const { t } = useTranslation();
  const words = useWords();
  const [templates, channels, experiments, audiences, tags] = [useTemplates(), useChannels(), useExperiments(), useAudiences(), useManualTags()];
  const members = useMemberNames();
  const named = (list: readonly { id: string; name: string }[], id: string | undefined | null) => (id ? (list.find((each) => each.id === id)?.name ?? id) : "");
  const span = (held: Span | null | undefined) => (held ? `${held.count} ${t(`conditions.units.${held.unit ?? "day"}`, { count: held.count }).trim()}` : "…");
  const event = (held: Selector | null | undefined) => (held?.events?.length ? eventText(held, words) : t("journeys.anyEvent"));
  const node = (held: JourneyNode): string => {
    switch (held.kind) {
      case "wait":
        return span(held.span);
      case "wait_until":
        return [held.at ?? "…", weekdays(held.weekdays ?? ALL, t)].filter(Boolean).join(" · ");
      case "wait_for":
        return t("journeys.summary.waitFor", { event: event(held.event), span: span(held.timeout) });
      case "branch":
        return t("journeys.summary.branch", { count: held.cases.length });
      case "split":
        return held.portions.map((each) => `${each.percent}%`).join(" / ");
      case "experiment":
        return named(experiments, held.experiment) || "…";
      case "send":
        return [named(templates, held.template) || "…", held.channels.map((each) => named(channels, each)).join(" → ")].filter(Boolean).join(" · ");
      case "set_property":
        return held.property ? `${held.property} = ${String(held.value ?? "…")}` : "…";
      case "set_tag":
        return held.tag ? `${named(tags, held.tag)} = ${held.value ?? t("journeys.summary.noValue")}` : "…";
      case "add_to_audience":
        return `${held.remove ? "−" : "+"} ${named(audiences, held.audience) || "…"}`;
      case "give":
        return held.reward ? `${held.reward} × ${held.quantity ?? 1}` : "…";
      case "task":
        return [members.get(held.member ?? "") ?? held.member ?? "…", held.title].filter(Boolean).join(" · ");
      case "webhook":
        return named(channels, held.channel) || "…";
      case "exit":
        return held.reason ?? "done";
    }
  };
  const entry = (definition: Definition): string => {
    const held = definition.entry;
    switch (held.kind) {
      case "audience":
        return t("journeys.summary.audience", { name: named(audiences, held.audience) || "…" });
      case "event":
        return t("journeys.summary.event", { event: event(held.event) });
      case "schedule":
        return t("journeys.summary.schedule", { cron: held.cron ?? "…" });
      case "api":
        return t("journeys.summary.api");
    }
  };
  const port = (held: JourneyNode, name: string): string => {
    if (held.kind === "branch") {
      const found = held.cases.find((each) => each.name === name);
      if (found) return found.label || (found.condition ? sentenceOf(found.condition, words) : found.name);
    }
    if (held.kind === "split") {
      const found = held.portions.find((each) => each.name === name);
      if (found) return `${found.label || found.name} · ${found.percent}%`;
    }
    return FIXED.includes(name) ? t(`journeys.ports.${name as "next"}`) : name;
  };
  /** What a node is called: as somebody named it, else by its kind. */
  const title = (definition: Definition, id: string): string => {
    const found = definition.nodes[id];
    return found ? found.label || t(`journeys.kinds.${found.kind}`) : id;
  };
  return { span, event, node, entry, port, title, condition: (held: Condition) => sentenceOf(held, words) };
}

const FIXED = ["next", "happened", "timed_out", "otherwise"];
const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const ALL = [1, 2, 3, 4, 5, 6, 7];

/** The name of a weekday, of which 1 is Monday. */
export function dayName(day: number): (typeof DAY_NAMES)[number] {
  return DAY_NAMES[day - 1] ?? "mon";
}

function weekdays(days: readonly number[], t: TFunction): string {
  if (days.length === 7) return "";
  return days.toSorted().map((day) => t(`journeys.weekdays.${dayName(day)}`)).join(" ");
}
