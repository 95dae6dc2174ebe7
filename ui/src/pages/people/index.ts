export function PeoplePage() { return null; }
export function PersonPage() { return null; }
export function AudiencesPage() { return null; }
