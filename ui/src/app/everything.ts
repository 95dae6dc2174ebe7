import type { TFunction } from "i18next";
import { api } from "@/api/client";
import type { ProjectOfMe } from "@/api/types";
import { NAVIGATION } from "./navigation";

export interface Found {
  kind: "page" | "insight" | "dashboard" | "metric" | "event" | "person";
  title: string;
  address: string;
}

const EACH = 6;

/** The pages that match a text; all of them without one. */
export function findPages(project: ProjectOfMe, text: string, t: TFunction): Found[] {
  const wanted = text.trim().toLowerCase();
  return NAVIGATION.flatMap((group) => group.pages)
    .filter((page) => project.permissions.includes(page.permission))
    .map((page) => ({ kind: "page" as const, title: t(`nav.pages.${page.name}`), address: `/p/${project.id}/${page.path}` }))
    .filter((page) => !wanted || page.title.toLowerCase().includes(wanted) || page.address.split("/").at(-1)?.includes(wanted));
}

/** What else of a project matches a text. A part that cannot be asked is left out. */
export async function findThings(project: ProjectOfMe, text: string): Promise<Found[]> {
  const wanted = text.trim().toLowerCase();
  const parts = await Promise.allSettled([
    insights(project.id, wanted),
    dashboards(project.id, wanted),
    metrics(project.id, wanted),
    events(project.id, wanted),
    people(project.id, text.trim()),
  ]);
  return parts.flatMap((part) => (part.status === "fulfilled" ? part.value.slice(0, EACH) : []));
}

async function insights(project_id: string, search: string): Promise<Found[]> {
  const { data } = await api.GET("/api/projects/{project_id}/insights", {
    params: { path: { project_id }, query: { search, limit: EACH } },
  });
  return (data?.items ?? []).map((each) => ({ kind: "insight", title: each.name, address: `/p/${project_id}/insights/${each.id}` }));
}

async function dashboards(project_id: string, search: string): Promise<Found[]> {
  const { data } = await api.GET("/api/projects/{project_id}/dashboards", {
    params: { path: { project_id }, query: { search, limit: EACH } },
  });
  return (data?.items ?? []).map((each) => ({ kind: "dashboard", title: each.name, address: `/p/${project_id}/dashboards/${each.id}` }));
}

async function metrics(project_id: string, search: string): Promise<Found[]> {
  const { data } = await api.GET("/api/projects/{project_id}/metrics", {
    params: { path: { project_id }, query: { search, limit: EACH } },
  });
  return (data?.items ?? []).map((each) => ({ kind: "metric", title: each.name, address: `/p/${project_id}/metrics?metric=${each.id}` }));
}

async function events(project_id: string, search: string): Promise<Found[]> {
  const { data } = await api.GET("/api/projects/{project_id}/catalog/events", { params: { path: { project_id }, query: { limit: 1000 } } });
  return (data?.items ?? [])
    .filter((each) => each.name.toLowerCase().includes(search))
    .map((each) => ({ kind: "event", title: each.name, address: `/p/${project_id}/plan?event=${encodeURIComponent(each.name)}` }));
}

async function people(project_id: string, search: string): Promise<Found[]> {
  const { data } = await api.GET("/api/projects/{project_id}/people", { params: { path: { project_id }, query: { search, limit: EACH } } });
  return (data?.items ?? []).map((each) => {
    const id = each.distinct_ids[0] ?? each.person_id;
    return { kind: "person", title: id, address: `/p/${project_id}/person?person=${encodeURIComponent(id)}` };
  });
}
