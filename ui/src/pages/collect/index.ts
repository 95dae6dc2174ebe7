export { LivePage } from "./live/LivePage";
export { PlanPage } from "./plan/PlanPage";
export { QuarantinePage } from "./quarantine/QuarantinePage";
export { ImportsPage } from "./imports/ImportsPage";
export { SourcesPage } from "./sources/SourcesPage";
