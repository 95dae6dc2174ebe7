export { AccountPage } from "./account/AccountPage";
export { AuditPage } from "./audit/AuditPage";
export { InvitationPage } from "./InvitationPage";
export { LoginPage } from "./LoginPage";
export { MembersPage } from "./members/MembersPage";
export { PasswordResetPage } from "./PasswordResetPage";
export { ProjectSettingsPage } from "./settings/ProjectSettingsPage";
export { SetupPage } from "./SetupPage";
