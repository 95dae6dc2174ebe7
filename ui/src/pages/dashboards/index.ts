export function DashboardsPage() { return null; }
export function DashboardPage() { return null; }
export function PublicPage() { return null; }
