import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { Waiting } from "@/components/Waiting";
import { currentLanguage } from "@/i18n";
import { useFreshSession } from "@/session/session";
import { type NewAccount, NewAccountForm } from "./NewAccountForm";
import { OpenPage, tokenOfLink } from "./OpenPage";

export function InvitationPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forget = useFreshSession();
  const params = { path: { token: tokenOfLink() } };
  const accept = useMutation({
    mutationFn: ({ name, password, totp }: NewAccount) =>
      taken(api.POST("/api/invitations/{token}", { params, body: { name, password, totp: totp || null, language: currentLanguage() } })),
    onSuccess: async () => {
      forget();
      await navigate("/", { replace: true });
    },
  });
  // A link that was used is not asked for again.
  const seen = useQuery({ queryKey: ["invitation", tokenOfLink()], enabled: !accept.isSuccess, queryFn: () => taken(api.GET("/api/invitations/{token}", { params })) });
  if (seen.isPending) return <Waiting />;
  if (!seen.data) return <OpenPage title={t("access.invitation.submit")} error={seen.error} />;
  const { project_name, role, email, has_account } = seen.data;
  return (
    <OpenPage
      title={t("access.invitation.title", { project: project_name })}
      hint={t("access.invitation.hint", { email, role: t(`access.roles.${role}`) })}
      error={accept.error}
    >
      <NewAccountForm
        submit={t("access.invitation.submit")}
        pending={accept.isPending}
        onFinish={accept.mutate}
        asks={has_account ? ["totp"] : ["name"]}
        existing={has_account}
      />
    </OpenPage>
  );
}
