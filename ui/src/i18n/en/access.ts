import type { access as zh } from "../zh/access";

export const access: typeof zh = {
  setup: {
    title: "Create the first account",
    hint: "This one-time link is for the owner's account only, and ends when it is used.",
    done: "Bihuan has been set up already. Please log in.",
    submit: "Create the account and enter",
  },
  login: {
    title: "Log in",
    email: "E-mail",
    password: "Password",
    totp: "Code",
    totpHint: "The six digits that your authenticator app shows.",
    submit: "Log in",
    forgotten: "Forgotten your password? An owner of the project can make a reset link for you.",
  },
  name: "Name",
  newPassword: "New password",
  passwordRule: "At least 10 characters",
  invitation: { title: "Join {{project}}", hint: "{{email}} is invited as {{role}}.", submit: "Join" },
  reset: { title: "Set a new password", submit: "Save the new password", done: "The new password is valid now. Please log in." },
  required: "Required",
  roles: { owner: "Owner", director: "Director", manager: "Manager", specialist: "Specialist", analyst: "Analyst", viewer: "Viewer" },
  linkMissing: "The link is not complete. Copy all of it.",
};
