export { LivePage } from "./live/LivePage";
export { PlanPage } from "./plan/PlanPage";
export function QuarantinePage() { return null; }
export function ImportsPage() { return null; }
export function SourcesPage() { return null; }
