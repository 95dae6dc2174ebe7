export { InvitationPage } from "./InvitationPage";
export { LoginPage } from "./LoginPage";
export { PasswordResetPage } from "./PasswordResetPage";
export { SetupPage } from "./SetupPage";
export function AccountPage() { return null; }
export function MembersPage() { return null; }
export function AuditPage() { return null; }
export function ProjectSettingsPage() { return null; }
