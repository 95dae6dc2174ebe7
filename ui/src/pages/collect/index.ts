export { LivePage } from "./live/LivePage";
export { PlanPage } from "./plan/PlanPage";
export { QuarantinePage } from "./quarantine/QuarantinePage";
export function ImportsPage() { return null; }
export { SourcesPage } from "./sources/SourcesPage";
