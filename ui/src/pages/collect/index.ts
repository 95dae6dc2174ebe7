export { LivePage } from "./live/LivePage";
export function PlanPage() { return null; }
export function QuarantinePage() { return null; }
export function ImportsPage() { return null; }
export function SourcesPage() { return null; }
