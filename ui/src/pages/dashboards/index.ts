export { DashboardPage } from "./DashboardPage";
export { DashboardsPage } from "./DashboardsPage";
export { PublicPage } from "./PublicPage";
