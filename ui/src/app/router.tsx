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
          { path: "audiences", element: page(() => import("@/pages/people/audiences/AudiencesPage"), "AudiencesPage") },
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
