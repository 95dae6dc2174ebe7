import type { Schemas } from "@/api/types";

type Project = Schemas["ProjectOutput"];

/** The settings as the form has them. */
export interface Entered {
  name: string;
  time_zone: string;
  first_weekday: number;
  session_gap_minutes: number;
  currency: string;
  /** The time that questions count back from, with its offset; empty for now. */
  as_of: string;
}

export function enteredOf(project: Project): Entered {
  const { name, time_zone, first_weekday, session_gap_seconds, currency } = project;
  const asOf = project.settings.as_of;
  return { name, time_zone, first_weekday, currency, as_of: typeof asOf === "string" ? asOf : "", session_gap_minutes: Math.max(1, Math.round(session_gap_seconds / 60)) };
}

/** Only what differs is sent; a gap that the form rounds stays as it is until it is changed. */
export function changeOf(project: Project, entered: Entered): Schemas["ProjectChange"] {
  const before = enteredOf(project);
  const change: Schemas["ProjectChange"] = {};
  if (entered.name.trim() !== before.name) change.name = entered.name.trim();
  if (entered.time_zone !== before.time_zone) change.time_zone = entered.time_zone;
  if (entered.first_weekday !== before.first_weekday) change.first_weekday = entered.first_weekday;
  if (entered.currency !== before.currency) change.currency = entered.currency;
  if (entered.session_gap_minutes !== before.session_gap_minutes) change.session_gap_seconds = entered.session_gap_minutes * 60;
  if (entered.as_of.trim() !== before.as_of) change.settings = { ...project.settings, as_of: entered.as_of.trim() || null };
  return change;
}
