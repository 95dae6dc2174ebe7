import type { TFunction } from "i18next";
import type { Channel, Kind } from "../common/types";

/** One field of the settings of a kind, as its JSON schema has it. */
export interface SettingField {
  name: string;
  type: "string" | "number" | "integer" | "boolean";
  options?: string[];
  initial: unknown;
  required: boolean;
  secret: boolean;
  /** Of several lines, such as a key file. */
  long: boolean;
  advanced: boolean;
}

interface Property {
  type?: string;
  enum?: string[];
  default?: unknown;
  anyOf?: { type?: string }[];
}

const ADVANCED = new Set(["base_url", "connections", "answer_seconds", "messages_per_connection", "hello", "region", "ttl_seconds", "android_channel"]);
const LONG = new Set(["private_key", "service_account"]);
// Filled in by parts of the form of their own.
const ELSEWHERE = new Set(["servers", "passwords", "per_second"]);

/** The fields of a kind in the order of its schema. */
export function fieldsOf(kind: Kind): SettingField[] {
  const schema = kind.settings as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !ELSEWHERE.has(name))
    .map(([name, property]) => ({
      name,
      type: (property.type ?? property.anyOf?.[0]?.type ?? "string") as SettingField["type"],
      options: property.enum,
      initial: property.default,
      required: schema.required?.includes(name) ?? false,
      secret: kind.secrets.includes(name),
      long: LONG.has(name),
      advanced: ADVANCED.has(name),
    }));
}

/** What a kind sends in a second unless a channel says otherwise; 0 for no limit. */
export function rateOf(kind: Kind | undefined): number {
  const properties = (kind?.settings as { properties?: Record<string, Property> } | undefined)?.properties;
  return Number(properties?.["per_second"]?.default ?? 0);
}

export interface MailServer {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  username: string;
  weight: number;
  connections: number;
  check_certificate: boolean;
}

export const NEW_SERVER: MailServer = { host: "", port: 587, security: "starttls", username: "", weight: 1, connections: 4, check_certificate: true };

export interface Held {
  name: string;
  settings: Record<string, unknown>;
  /** Those that were typed; what is left out stays. */
  secrets: Record<string, string>;
  /** Of mail servers, by place. */
  passwords: string[];
  address_property: string;
  per_second: number | null;
  cost_per_message: number | null;
}

export function heldOf(kind: Kind, channel: Channel | null, name: string): Held {
  const initial = Object.fromEntries(fieldsOf(kind).filter((each) => !each.secret && each.initial !== undefined && each.initial !== null).map((each) => [each.name, each.initial]));
  const servers = kind.kind === "smtp" ? { servers: [NEW_SERVER] } : {};
  return {
    name: channel?.name ?? name,
    settings: channel ? { ...initial, ...channel.settings } : { ...initial, ...servers },
    secrets: {},
    passwords: [],
    address_property: channel?.address_property ?? "",
    per_second: channel?.per_second ?? null,
    cost_per_message: channel?.cost_per_message ?? null,
  };
}

/** What the API takes: settings that are empty or as the kind has them are left out. */
export function bodyOf(kind: Kind, held: Held): Record<string, unknown> {
  const fields = new Map(fieldsOf(kind).map((each) => [each.name, each]));
  const settings = Object.fromEntries(Object.entries(held.settings).filter(([name, value]) => !fields.has(name) || (value !== "" && value !== null && value !== undefined && value !== fields.get(name)?.initial)));
  const typed: Record<string, unknown> = Object.fromEntries(Object.entries(held.secrets).filter(([, value]) => value !== ""));
  const passwords = passwordsOf(held);
  if (Object.keys(passwords).length) typed["passwords"] = passwords;
  return {
    name: held.name.trim(),
    settings,
    secrets: typed,
    address_property: held.address_property.trim() || null,
    per_second: held.per_second,
    cost_per_message: held.cost_per_message,
  };
}

/** Passwords by host, or by host and port where a host has several servers. */
export function passwordsOf(held: Held): Record<string, string> {
  const servers = (held.settings["servers"] ?? []) as MailServer[];
  const twice = (host: string) => servers.filter((each) => each.host === host).length > 1;
  return Object.fromEntries(servers.flatMap((server, place) => (held.passwords[place] ? [[twice(server.host) ? `${server.host}:${server.port}` : server.host, held.passwords[place]]] : [])));
}

/** The names of what is still needed. */
export function missingIn(kind: Kind, held: Held, channel: Channel | null): string[] {
  const missing = held.name.trim() ? [] : ["name"];
  for (const field of fieldsOf(kind)) {
    if (!field.required) continue;
    const value = field.secret ? held.secrets[field.name] || (channel?.secrets.includes(field.name) ? "kept" : "") : held.settings[field.name];
    if (value === undefined || value === null || value === "") missing.push(field.name);
  }
  if (kind.kind === "smtp" && ((held.settings["servers"] ?? []) as MailServer[]).some((each) => !each.host.trim())) missing.push("servers");
  return missing;
}

/** A rate in words: below one a second by the minute. */
export function rateText(t: TFunction, rate: number): string {
  if (rate <= 0) return t("channels.unlimited");
  return rate < 1 ? t("channels.perMinute", { count: Math.round(rate * 60) }) : t("channels.perSecond", { count: Math.round(rate * 100) / 100 });
}
