import type { KnownProperty } from "@/query/catalog";
import type { PropertyRef } from "@/query/types";
import type { Window } from "../conditions/types";

export type Facet =
  | { kind: "person"; property: PropertyRef; top_n?: number }
  | { kind: "number"; property: PropertyRef; bounds?: number[] }
  | { kind: "touch"; property: PropertyRef; which: "first" | "last"; window: Window; top_n?: number }
  | { kind: "events"; window: Window; top_n?: number }
  | { kind: "hours"; window: Window };

export interface OfferedFacet {
  key: string;
  facet: Facet;
  /** What it is called: a property, or one of the fixed kinds. */
  name: string;
  first: boolean;
}

const FIRST = ["$channel", "$utm_source", "$utm_campaign", "$referrer_domain"];
const LAST = ["$channel", "$country", "$region", "$city", "$device_type", "$os", "$browser"];
// Of free text there are as many values as people.
const NEVER = /^(\$?(name|email|phone|avatar|id|user_id|birthday)|姓名|邮箱|电话|手机号?)$/i;
const MOST_PROPERTIES = 8;
const MOST_TAGS = 5;

/** What an audience can be compared in: what is known of people, where they came from, what they do and when. */
export function facetsOf(known: readonly KnownProperty[], window: Window): OfferedFacet[] {
  const scoped = (scope: PropertyRef["scope"]) => known.filter((each) => each.ref.scope === scope);
  const ofPerson = scoped("person").filter((each) => !NEVER.test(each.ref.name) && each.type !== "list");
  const people = ofPerson.map((each, at) => offered(each, at < MOST_PROPERTIES));
  const tags = scoped("tag").map((each, at) => offered(each, at < MOST_TAGS));
  const events = new Set(scoped("event").map((each) => each.ref.name));
  const touch = (which: "first" | "last", names: string[]) =>
    names.filter((name) => events.has(name)).map((name): OfferedFacet => ({ key: `${which}:${name}`, facet: { kind: "touch", property: { scope: "event", name }, which, window: { kind: "ever" } }, name, first: true }));
  const rest: OfferedFacet[] = [
    { key: "events", facet: { kind: "events", window }, name: "", first: true },
    { key: "hours", facet: { kind: "hours", window }, name: "", first: true },
  ];
  return [...people, ...tags, ...touch("first", FIRST), ...touch("last", LAST), ...rest];
}

/** Numbers are compared in ranges. */
function offered({ ref, type, label }: KnownProperty, first: boolean): OfferedFacet {
  return { key: `${ref.scope}:${ref.name}`, facet: { kind: type === "number" ? "number" : "person", property: ref }, name: label, first };
}
