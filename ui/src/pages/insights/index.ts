export { ExplorerPage } from "./ExplorerPage";
export { InsightsPage } from "./InsightsPage";
export { MetricsPage } from "./MetricsPage";
