import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Waiting } from "@/components/Waiting";
import { NewAccountForm } from "./NewAccountForm";
import { OpenPage, tokenOfLink } from "./OpenPage";

export function PasswordResetPage() {
  const { t } = useTranslation();
  const params = { path: { token: tokenOfLink() } };
  const seen = useQuery({ queryKey: ["password-reset", tokenOfLink()], queryFn: () => taken(api.GET("/api/password-reset/{token}", { params })) });
  const reset = useMutation({
    mutationFn: ({ password }: { password: string }) => api.POST("/api/password-reset/{token}", { params, body: { password } }),
  });
  if (seen.isPending) return <Waiting />;
  if (reset.isSuccess) {
    return (
      <OpenPage title={t("access.reset.title")} hint={t("access.reset.done")}>
        <Button type="primary" href="/login" block>
          {t("access.login.title")}
        </Button>
      </OpenPage>
    );
  }
  return (
    <OpenPage title={t("access.reset.title")} hint={seen.data?.email} error={seen.error ?? reset.error}>
      {seen.data && <NewAccountForm submit={t("access.reset.submit")} pending={reset.isPending} onFinish={reset.mutate} asks={[]} />}
    </OpenPage>
  );
}
