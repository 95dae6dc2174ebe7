import { type ComponentType, lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet, useParams } from "react-router";
import { Waiting } from "@/components/Waiting";
import { homeProject, useMe, WithMe } from "@/session/session";
import { NothingHere } from "./NothingHere";
import { Shell } from "./Shell";

/** A page that is fetched, with what only it needs, when it is first opened. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const Page = lazy(async () => ({ default: (await load())[name] as ComponentType }));
  return (
    <Suspense fallback={<Waiting />}>
      <Page />
    </Suspense>
  );
}

function Home() {
  const project = homeProject(useMe());
  return <Navigate replace to={project ? `/p/${project.id}/dashboards` : "/account"} />;
}

function ProjectHome() {
  const { projectId } = useParams();
  return <Navigate replace to={`/p/${projectId}/dashboards`} />;
}

export const router = createBrowserRouter([
  { path: "/setup", element: page(() => import("@/pages/access/SetupPage"), "SetupPage") },
  { path: "/login", element: page(() => import("@/pages/access/LoginPage"), "LoginPage") },
  { path: "/invitation", element: page(() => import("@/pages/access/InvitationPage"), "InvitationPage") },
  { path: "/password-reset", element: page(() => import("@/pages/access/PasswordResetPage"), "PasswordResetPage") },
  { path: "/public/:token", element: page(() => import("@/pages/dashboards/PublicPage"), "PublicPage") },
  {
    element: (
      <WithMe>
        <Outlet />
      </WithMe>
    ),
    children: [
      { path: "/", element: <Home /> },
      { path: "/account", element: page(() => import("@/pages/access/account/AccountPage"), "AccountPage") },
      {
        path: "/p/:projectId",
        element: <Shell />,
        children: [
          { index: true, element: <ProjectHome /> },
          { path: "dashboards", element: page(() => import("@/pages/dashboards/DashboardsPage"), "DashboardsPage") },
          { path: "dashboards/:dashboardId", element: page(() => import("@/pages/dashboards/DashboardPage"), "DashboardPage") },
          { path: "insights", element: page(() => import("@/pages/insights/InsightsPage"), "InsightsPage") },
          { path: "insights/new", element: page(() => import("@/pages/insights/ExplorerPage"), "ExplorerPage") },
          { path: "insights/:insightId", element: page(() => import("@/pages/insights/ExplorerPage"), "ExplorerPage") },
          { path: "metrics", element: page(() => import("@/pages/insights/MetricsPage"), "MetricsPage") },
          { path: "people", element: page(() => import("@/pages/people/list/PeoplePage"), "PeoplePage") },
          { path: "person", element: page(() => import("@/pages/people/person/PersonPage"), "PersonPage") },
          { path: "audiences", element: page(() => import("@/pages/audiences/list/AudiencesPage"), "AudiencesPage") },
          { path: "audiences/new", element: page(() => import("@/pages/audiences/edit/AudienceEditorPage"), "AudienceEditorPage") },
          { path: "audiences/compare", element: page(() => import("@/pages/audiences/studies/ComparePage"), "ComparePage") },
          { path: "audiences/:audienceId", element: page(() => import("@/pages/audiences/one/AudiencePage"), "AudiencePage") },
          { path: "audiences/:audienceId/edit", element: page(() => import("@/pages/audiences/edit/AudienceEditorPage"), "AudienceEditorPage") },
          { path: "tags", element: page(() => import("@/pages/audiences/tags/TagsPage"), "TagsPage") },
          { path: "tags/new", element: page(() => import("@/pages/audiences/tags/TagEditorPage"), "TagEditorPage") },
          { path: "tags/:tagId", element: page(() => import("@/pages/audiences/tags/TagPage"), "TagPage") },
          { path: "tags/:tagId/edit", element: page(() => import("@/pages/audiences/tags/TagEditorPage"), "TagEditorPage") },
          { path: "lifecycle", element: page(() => import("@/pages/audiences/lifecycle/LifecyclePage"), "LifecyclePage") },
          { path: "rfm", element: page(() => import("@/pages/audiences/rfm/RfmPage"), "RfmPage") },
          { path: "activity", element: page(() => import("@/pages/audiences/studies/ActivityPage"), "ActivityPage") },
          { path: "predictions", element: page(() => import("@/pages/audiences/predictions/PredictionsPage"), "PredictionsPage") },
          { path: "predictions/:tagId", element: page(() => import("@/pages/audiences/predictions/PredictionPage"), "PredictionPage") },
          { path: "warnings", element: page(() => import("@/pages/audiences/warnings/WarningsPage"), "WarningsPage") },
          { path: "warnings/rules/new", element: page(() => import("@/pages/audiences/warnings/RuleEditorPage"), "RuleEditorPage") },
          { path: "warnings/rules/:ruleId", element: page(() => import("@/pages/audiences/warnings/RuleEditorPage"), "RuleEditorPage") },
          { path: "syncs", element: page(() => import("@/pages/audiences/sync/SyncsPage"), "SyncsPage") },
          { path: "journeys", element: page(() => import("@/pages/journeys/list/JourneysPage"), "JourneysPage") },
          { path: "journeys/:journeyId", element: page(() => import("@/pages/journeys/one/JourneyPage"), "JourneyPage") },
          { path: "experiments", element: page(() => import("@/pages/experiments/list/ExperimentsPage"), "ExperimentsPage") },
          { path: "experiments/new", element: page(() => import("@/pages/experiments/edit/ExperimentEditorPage"), "ExperimentEditorPage") },
          { path: "experiments/:experimentId", element: page(() => import("@/pages/experiments/one/ExperimentPage"), "ExperimentPage") },
          { path: "experiments/:experimentId/edit", element: page(() => import("@/pages/experiments/edit/ExperimentEditorPage"), "ExperimentEditorPage") },
          { path: "flags", element: page(() => import("@/pages/experiments/flags/FlagsPage"), "FlagsPage") },
          { path: "flags/new", element: page(() => import("@/pages/experiments/flags/FlagPage"), "FlagPage") },
          { path: "flags/:flagKey", element: page(() => import("@/pages/experiments/flags/FlagPage"), "FlagPage") },
          { path: "holdout", element: page(() => import("@/pages/experiments/holdout/HoldoutPage"), "HoldoutPage") },
          { path: "campaigns", element: page(() => import("@/pages/campaigns/list/CampaignsPage"), "CampaignsPage") },
          { path: "campaigns/new", element: page(() => import("@/pages/campaigns/start/NewCampaignPage"), "NewCampaignPage") },
          { path: "campaigns/:campaignId", element: page(() => import("@/pages/campaigns/one/CampaignPage"), "CampaignPage") },
          { path: "calendar", element: page(() => import("@/pages/campaigns/calendar/CalendarPage"), "CalendarPage") },
          { path: "templates", element: page(() => import("@/pages/messages/templates/TemplatesPage"), "TemplatesPage") },
          { path: "templates/new", element: page(() => import("@/pages/messages/templates/NewTemplatePage"), "NewTemplatePage") },
          { path: "templates/:templateId", element: page(() => import("@/pages/messages/templates/TemplatePage"), "TemplatePage") },
          { path: "channels", element: page(() => import("@/pages/messages/channels/ChannelsPage"), "ChannelsPage") },
          { path: "outbox", element: page(() => import("@/pages/messages/outbox/OutboxPage"), "OutboxPage") },
          { path: "consent", element: page(() => import("@/pages/messages/consent/ConsentPage"), "ConsentPage") },
          { path: "live", element: page(() => import("@/pages/collect/live/LivePage"), "LivePage") },
          { path: "plan", element: page(() => import("@/pages/collect/plan/PlanPage"), "PlanPage") },
          { path: "quarantine", element: page(() => import("@/pages/collect/quarantine/QuarantinePage"), "QuarantinePage") },
          { path: "imports", element: page(() => import("@/pages/collect/imports/ImportsPage"), "ImportsPage") },
          { path: "sources", element: page(() => import("@/pages/collect/sources/SourcesPage"), "SourcesPage") },
          { path: "members", element: page(() => import("@/pages/access/members/MembersPage"), "MembersPage") },
          { path: "audit", element: page(() => import("@/pages/access/audit/AuditPage"), "AuditPage") },
          { path: "settings", element: page(() => import("@/pages/access/settings/ProjectSettingsPage"), "ProjectSettingsPage") },
          { path: "*", element: <NothingHere /> },
        ],
      },
      { path: "*", element: <NothingHere /> },
    ],
  },
]);
