import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { currentLanguage } from "@/i18n";
import { useFreshSession } from "@/session/session";
import { type NewAccount, NewAccountForm } from "./NewAccountForm";
import { OpenPage, tokenOfLink } from "./OpenPage";

export function SetupPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forget = useFreshSession();
  const state = useQuery({ queryKey: ["setup"], queryFn: () => taken(api.GET("/api/setup")) });
  const create = useMutation({
    mutationFn: (account: NewAccount) =>
      taken(
        api.POST("/api/setup", {
          body: { email: account.email ?? "", name: account.name ?? "", password: account.password, token: tokenOfLink(), language: currentLanguage() },
        }),
      ),
    onSuccess: async () => {
      forget();
      await navigate("/", { replace: true });
    },
  });
  if (state.data?.needed === false) {
    return (
      <OpenPage title={t("access.setup.title")} hint={t("access.setup.done")}>
        <Button type="primary" href="/login" block>
          {t("access.login.title")}
        </Button>
      </OpenPage>
    );
  }
  return (
    <OpenPage title={t("access.setup.title")} hint={tokenOfLink() ? t("access.setup.hint") : t("access.linkMissing")} error={create.error}>
      <NewAccountForm submit={t("access.setup.submit")} pending={create.isPending} onFinish={create.mutate} />
    </OpenPage>
  );
}
