import type { TFunction } from "i18next";
import type { Filter, Leaf as FilterLeaf, PropertyRef, Selector } from "@/query/types";
import type { Anniversary, Comparison, Condition, Did, Figure, Window } from "./types";

/** What words are made with: the reader's language, and what audiences and tags are called. */
export interface Words {
  t: TFunction;
  nameOf: (ref: PropertyRef) => string;
  number: (value: number) => string;
}

const MOST_VALUES = 4;

/** A condition in words. */
export function sentenceOf(condition: Condition, words: Words, inside = false): string {
  const { t } = words;
  switch (condition.kind) {
    case "all":
    case "any": {
      const parts = condition.items.map((each) => sentenceOf(each, words, condition.items.length > 1));
      if (!parts.length) return t(condition.kind === "all" ? "conditions.everyone" : "conditions.nobody");
      const joined = parts.join(t(condition.kind === "all" ? "conditions.and" : "conditions.or"));
      return inside && parts.length > 1 ? t("conditions.brackets", { text: joined }) : joined;
    }
    case "not":
      return condition.item.kind === "did" ? didText(condition.item, words, true) : t("conditions.not", { text: sentenceOf(condition.item, words, true) });
    case "has":
      return condition.filter ? filterText(condition.filter, words) : "…";
    case "did":
      return didText(condition, words, false);
    case "occurrence": {
      const where = condition.filter ? t("conditions.whereText", { text: filterText(condition.filter, words) }) : "";
      const kind = condition.window.kind === "ever" ? "occurrenceEver" : "occurrence";
      return t(`conditions.${kind}.${condition.which}`, { event: eventText(condition.event, words), window: windowText(condition.window, words) }) + where;
    }
    case "sequence": {
      const steps = condition.steps.map((step) => eventText(step, words)).join(t("conditions.then"));
      const within = condition.within ? t("conditions.withinText", { span: spanText(condition.within, words) }) : "";
      return t("conditions.sequence", { steps, within, window: windowText(condition.window, words) });
    }
    case "anniversary":
      return anniversaryText(condition, words);
    case "listed":
      return t("conditions.listedText", { count: condition.distinct_ids.length });
    case "share":
      return t("conditions.shareText", { percent: words.number(condition.percent) });
  }
}

function anniversaryText({ property, from_days, to_days }: Anniversary, words: Words): string {
  const name = words.nameOf(property);
  if (from_days !== to_days) return words.t("conditions.anniversary.rangeText", { property: name, from: words.number(from_days), to: words.number(to_days) });
  const span = spanText({ count: Math.abs(from_days), unit: "day" }, words);
  return words.t(`conditions.anniversary.${from_days === 0 ? "todayText" : from_days > 0 ? "aheadText" : "agoText"}`, { property: name, span });
}

function didText(did: Did, words: Words, negated: boolean): string {
  const { t } = words;
  const parts = { event: eventText(did.event, words), window: windowText(did.window, words) };
  if (isAtLeastOnce(did.figure, did.compare)) return t(negated ? "conditions.didNot" : "conditions.did", parts);
  const all = { ...parts, figure: figureText(did.figure, words), compare: compareText(did.compare, did.figure, words) };
  const text = t(did.figure.kind === "property" ? "conditions.didProperty" : `conditions.didFigure.${did.figure.kind}`, all);
  return negated ? t("conditions.not", { text }) : text;
}

export function isAtLeastOnce(figure: Figure, compare: Comparison): boolean {
  return figure.kind === "count" && ((compare.operator === "gte" && compare.value === 1) || (compare.operator === "gt" && compare.value === 0));
}

function figureText(figure: Figure, { t, nameOf }: Words): string {
  return figure.kind === "property" ? t("conditions.aggregateOf", { property: nameOf(figure.property), aggregate: t(`conditions.aggregates.${figure.aggregate}`) }) : "";
}

function compareText({ operator, value, upper }: Comparison, figure: Figure, { t, number }: Words): string {
  const unit = figure.kind === "active" || figure.kind === "in_a_row" ? t(`conditions.units.${figure.unit}`, { count: upper ?? value }) : figure.kind === "count" ? t("conditions.times", { count: upper ?? value }) : "";
  const figures = operator === "between" ? t("conditions.range", { low: number(value), high: number(upper ?? value) }) : number(value);
  return t(`conditions.comparing.${operator}`, { value: `${figures}${unit}` });
}

/** Events with their own condition. */
export function eventText(selector: Selector, words: Words): string {
  const { t } = words;
  const names = selector.label ?? (selector.events?.length ? selector.events.map((each) => t("conditions.quoted", { text: each })).join(t("conditions.orShort")) : t("conditions.anything"));
  return selector.filter ? t("conditions.narrowed", { event: names, filter: filterText(selector.filter, words) }) : names;
}

/** A filter in words. */
export function filterText(filter: Filter, words: Words, inside = false): string {
  const { t } = words;
  if (filter.type !== "group") return leafText(filter, words);
  const joined = filter.items.map((each) => filterText(each, words, true)).join(t(filter.op === "and" ? "conditions.and" : "conditions.or"));
  return inside && filter.items.length > 1 ? t("conditions.brackets", { text: joined }) : joined;
}

function leafText(leaf: FilterLeaf, words: Words): string {
  const { t, nameOf, number } = words;
  const name = nameOf(leaf.property);
  if (leaf.property.scope === "audience") return t(leaf.operator === "not_exists" ? "conditions.outsideNamed" : "conditions.insideNamed", { name });
  const operator = t(`conditions.operators.${leaf.operator as "is"}`);
  const subject = leaf.property.scope === "tag" ? t("conditions.tagNamed", { name }) : name;
  switch (leaf.type) {
    case "text":
    case "list": {
      const shown = leaf.values.slice(0, MOST_VALUES).map((each) => t("conditions.quoted", { text: each }));
      const more = leaf.values.length - shown.length;
      return `${subject}${operator}${shown.join(t("conditions.orShort"))}${more > 0 ? t("conditions.more", { count: more }) : ""}`;
    }
    case "number":
      return `${subject}${operator}${leaf.upper == null ? number(leaf.value) : t("conditions.range", { low: number(leaf.value), high: number(leaf.upper) })}`;
    case "time":
      return `${subject}${operator}${leaf.until == null ? leaf.at : t("conditions.range", { low: leaf.at, high: leaf.until })}`;
    case "recency":
      return `${subject}${operator}${spanText({ count: leaf.count, unit: (leaf.unit ?? "day") as "day" }, words)}`;
    default:
      return `${subject}${operator}`;
  }
}

function spanText({ count, unit }: { count: number; unit: "minute" | "hour" | "day" | "week" }, { t, number }: Words): string {
  return `${number(count)}${t(`conditions.units.${unit}`, { count })}`;
}

/** A window in words, with what sets it apart from what is before it; nothing for all of history. */
export function windowText(window: Window, words: Words): string {
  const { t } = words;
  switch (window.kind) {
    case "ever":
      return "";
    case "rolling":
      return t("conditions.inWindow.rolling", { span: spanText(window.span, words) });
    case "ago":
      return t(window.to_days === 0 ? "conditions.inWindow.agoToNow" : "conditions.inWindow.ago", { from: window.from_days, to: window.to_days });
    case "since":
      return t("conditions.inWindow.since", { day: window.from_date });
    case "dates":
      return t("conditions.inWindow.dates", { from: window.from_date, to: window.to_date });
    case "last":
      return t(window.include_current === false ? "conditions.inWindow.lastWhole" : "conditions.inWindow.last", { span: `${words.number(window.count)}${t(`conditions.units.${window.unit}`, { count: window.count })}` });
    case "current":
      return t(`conditions.inWindow.current.${window.unit}`);
  }
}
