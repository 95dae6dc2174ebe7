import { type ComponentType, lazy, Suspense } from "react";
import { createBrowserRouter, matchRoutes, Navigate, Outlet, type RouteObject, useParams } from "react-router";
import { Waiting } from "@/components/Waiting";
import { homeProject, useMe, WithMe } from "@/session/session";
import { NothingHere } from "./NothingHere";
import { Shell } from "./Shell";

/** A page that is fetched, with what only it needs, when it is first opened. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const Page = lazy(async () => ({ default: (await load())[name] as ComponentType }));
  const element = (
    <Suspense fallback={<Waiting />}>
      <Page />
    </Suspense>
  );
  return { element, handle: { load } satisfies Fetched };
}

interface Fetched {
  load: () => Promise<unknown>;
}

function Home() {
  const project = homeProject(useMe());
  return <Navigate replace to={project ? `/p/${project.id}/dashboards` : "/account"} />;
}

function ProjectHome() {
  const { projectId } = useParams();
  return <Navigate replace to={`/p/${projectId}/dashboards`} />;
}

const routes: RouteObject[] = [
  { path: "/setup", ...page(() => import("@/pages/access/SetupPage"), "SetupPage") },
  { path: "/login", ...page(() => import("@/pages/access/LoginPage"), "LoginPage") },
  { path: "/invitation", ...page(() => import("@/pages/access/InvitationPage"), "InvitationPage") },
  { path: "/password-reset", ...page(() => import("@/pages/access/PasswordResetPage"), "PasswordResetPage") },
  { path: "/public/:token", ...page(() => import("@/pages/dashboards/PublicPage"), "PublicPage") },
  {
    element: (
      <WithMe>
        <Outlet />
      </WithMe>
    ),
    children: [
      { path: "/", element: <Home /> },
      { path: "/account", ...page(() => import("@/pages/access/account/AccountPage"), "AccountPage") },
      {
        path: "/p/:projectId",
        element: <Shell />,
        children: [
          { index: true, element: <ProjectHome /> },
          { path: "dashboards", ...page(() => import("@/pages/dashboards/DashboardsPage"), "DashboardsPage") },
          { path: "dashboards/:dashboardId", ...page(() => import("@/pages/dashboards/DashboardPage"), "DashboardPage") },
          { path: "insights", ...page(() => import("@/pages/insights/InsightsPage"), "InsightsPage") },
          { path: "insights/new", ...page(() => import("@/pages/insights/ExplorerPage"), "ExplorerPage") },
          { path: "insights/:insightId", ...page(() => import("@/pages/insights/ExplorerPage"), "ExplorerPage") },
          { path: "metrics", ...page(() => import("@/pages/insights/MetricsPage"), "MetricsPage") },
          { path: "people", ...page(() => import("@/pages/people/list/PeoplePage"), "PeoplePage") },
          { path: "person", ...page(() => import("@/pages/people/person/PersonPage"), "PersonPage") },
          { path: "audiences", ...page(() => import("@/pages/audiences/list/AudiencesPage"), "AudiencesPage") },
          { path: "audiences/new", ...page(() => import("@/pages/audiences/edit/AudienceEditorPage"), "AudienceEditorPage") },
          { path: "audiences/compare", ...page(() => import("@/pages/audiences/studies/ComparePage"), "ComparePage") },
          { path: "audiences/:audienceId", ...page(() => import("@/pages/audiences/one/AudiencePage"), "AudiencePage") },
          { path: "audiences/:audienceId/edit", ...page(() => import("@/pages/audiences/edit/AudienceEditorPage"), "AudienceEditorPage") },
          { path: "tags", ...page(() => import("@/pages/audiences/tags/TagsPage"), "TagsPage") },
          { path: "tags/new", ...page(() => import("@/pages/audiences/tags/TagEditorPage"), "TagEditorPage") },
          { path: "tags/:tagId", ...page(() => import("@/pages/audiences/tags/TagPage"), "TagPage") },
          { path: "tags/:tagId/edit", ...page(() => import("@/pages/audiences/tags/TagEditorPage"), "TagEditorPage") },
          { path: "lifecycle", ...page(() => import("@/pages/audiences/lifecycle/LifecyclePage"), "LifecyclePage") },
          { path: "rfm", ...page(() => import("@/pages/audiences/rfm/RfmPage"), "RfmPage") },
          { path: "activity", ...page(() => import("@/pages/audiences/studies/ActivityPage"), "ActivityPage") },
          { path: "predictions", ...page(() => import("@/pages/audiences/predictions/PredictionsPage"), "PredictionsPage") },
          { path: "predictions/:tagId", ...page(() => import("@/pages/audiences/predictions/PredictionPage"), "PredictionPage") },
          { path: "warnings", ...page(() => import("@/pages/audiences/warnings/WarningsPage"), "WarningsPage") },
          { path: "warnings/rules/new", ...page(() => import("@/pages/audiences/warnings/RuleEditorPage"), "RuleEditorPage") },
          { path: "warnings/rules/:ruleId", ...page(() => import("@/pages/audiences/warnings/RuleEditorPage"), "RuleEditorPage") },
          { path: "syncs", ...page(() => import("@/pages/audiences/sync/SyncsPage"), "SyncsPage") },
          { path: "journeys", ...page(() => import("@/pages/journeys/list/JourneysPage"), "JourneysPage") },
          { path: "journeys/:journeyId", ...page(() => import("@/pages/journeys/one/JourneyPage"), "JourneyPage") },
          { path: "experiments", ...page(() => import("@/pages/experiments/list/ExperimentsPage"), "ExperimentsPage") },
          { path: "experiments/new", ...page(() => import("@/pages/experiments/edit/ExperimentEditorPage"), "ExperimentEditorPage") },
          { path: "experiments/:experimentId", ...page(() => import("@/pages/experiments/one/ExperimentPage"), "ExperimentPage") },
          { path: "experiments/:experimentId/edit", ...page(() => import("@/pages/experiments/edit/ExperimentEditorPage"), "ExperimentEditorPage") },
          { path: "flags", ...page(() => import("@/pages/experiments/flags/FlagsPage"), "FlagsPage") },
          { path: "flags/new", ...page(() => import("@/pages/experiments/flags/FlagPage"), "FlagPage") },
          { path: "flags/:flagKey", ...page(() => import("@/pages/experiments/flags/FlagPage"), "FlagPage") },
          { path: "holdout", ...page(() => import("@/pages/experiments/holdout/HoldoutPage"), "HoldoutPage") },
          { path: "campaigns", ...page(() => import("@/pages/campaigns/list/CampaignsPage"), "CampaignsPage") },
          { path: "campaigns/new", ...page(() => import("@/pages/campaigns/start/NewCampaignPage"), "NewCampaignPage") },
          { path: "campaigns/:campaignId", ...page(() => import("@/pages/campaigns/one/CampaignPage"), "CampaignPage") },
          { path: "calendar", ...page(() => import("@/pages/campaigns/calendar/CalendarPage"), "CalendarPage") },
          { path: "templates", ...page(() => import("@/pages/messages/templates/TemplatesPage"), "TemplatesPage") },
          { path: "templates/new", ...page(() => import("@/pages/messages/templates/NewTemplatePage"), "NewTemplatePage") },
          { path: "templates/:templateId", ...page(() => import("@/pages/messages/templates/TemplatePage"), "TemplatePage") },
          { path: "channels", ...page(() => import("@/pages/messages/channels/ChannelsPage"), "ChannelsPage") },
          { path: "outbox", ...page(() => import("@/pages/messages/outbox/OutboxPage"), "OutboxPage") },
          { path: "consent", ...page(() => import("@/pages/messages/consent/ConsentPage"), "ConsentPage") },
          { path: "live", ...page(() => import("@/pages/collect/live/LivePage"), "LivePage") },
          { path: "plan", ...page(() => import("@/pages/collect/plan/PlanPage"), "PlanPage") },
          { path: "quarantine", ...page(() => import("@/pages/collect/quarantine/QuarantinePage"), "QuarantinePage") },
          { path: "imports", ...page(() => import("@/pages/collect/imports/ImportsPage"), "ImportsPage") },
          { path: "sources", ...page(() => import("@/pages/collect/sources/SourcesPage"), "SourcesPage") },
          { path: "members", ...page(() => import("@/pages/access/members/MembersPage"), "MembersPage") },
          { path: "audit", ...page(() => import("@/pages/access/audit/AuditPage"), "AuditPage") },
          { path: "settings", ...page(() => import("@/pages/access/settings/ProjectSettingsPage"), "ProjectSettingsPage") },
          { path: "*", element: <NothingHere /> },
        ],
      },
      { path: "*", element: <NothingHere /> },
    ],
  },
];

// The first page is fetched while it is still asked who is reading.
for (const { route } of matchRoutes(routes, window.location.pathname) ?? []) {
  const fetched = route.handle as Fetched | undefined;
  // One that fails is fetched once more where it is shown, which says so.
  fetched?.load().catch(() => undefined);
}

export const router = createBrowserRouter(routes);
