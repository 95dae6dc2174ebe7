export function InsightsPage() { return null; }
export function ExplorerPage() { return null; }
export function MetricsPage() { return null; }
