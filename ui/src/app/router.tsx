import { type ComponentType, lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet, useParams } from "react-router";
import { Waiting } from "@/components/Waiting";
import { homeProject, useMe, WithMe } from "@/session/session";
import { NothingHere } from "./NothingHere";
import { Shell } from "./Shell";

/** A page that is fetched when it is first opened. */
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

const session = () => import("@/pages/access");
const insights = () => import("@/pages/insights");
const dashboards = () => import("@/pages/dashboards");
const collect = () => import("@/pages/collect");
const people = () => import("@/pages/people");

export const router = createBrowserRouter([
  { path: "/setup", element: page(session, "SetupPage") },
  { path: "/login", element: page(session, "LoginPage") },
  { path: "/invitation", element: page(session, "InvitationPage") },
  { path: "/password-reset", element: page(session, "PasswordResetPage") },
  { path: "/public/:token", element: page(dashboards, "PublicPage") },
  {
    element: (
      <WithMe>
        <Outlet />
      </WithMe>
    ),
    children: [
      { path: "/", element: <Home /> },
      { path: "/account", element: page(session, "AccountPage") },
      {
        path: "/p/:projectId",
        element: <Shell />,
        children: [
          { index: true, element: <ProjectHome /> },
          { path: "dashboards", element: page(dashboards, "DashboardsPage") },
          { path: "dashboards/:dashboardId", element: page(dashboards, "DashboardPage") },
          { path: "insights", element: page(insights, "InsightsPage") },
          { path: "insights/new", element: page(insights, "ExplorerPage") },
          { path: "insights/:insightId", element: page(insights, "ExplorerPage") },
          { path: "metrics", element: page(insights, "MetricsPage") },
          { path: "people", element: page(people, "PeoplePage") },
          { path: "person", element: page(people, "PersonPage") },
          { path: "audiences", element: page(people, "AudiencesPage") },
          { path: "live", element: page(collect, "LivePage") },
          { path: "plan", element: page(collect, "PlanPage") },
          { path: "quarantine", element: page(collect, "QuarantinePage") },
          { path: "imports", element: page(collect, "ImportsPage") },
          { path: "sources", element: page(collect, "SourcesPage") },
          { path: "members", element: page(session, "MembersPage") },
          { path: "audit", element: page(session, "AuditPage") },
          { path: "settings", element: page(session, "ProjectSettingsPage") },
          { path: "*", element: <NothingHere /> },
        ],
      },
      { path: "*", element: <NothingHere /> },
    ],
  },
]);
