import { PlusOutlined } from "@/components/icons";
import { Button, Card, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { KeyTable } from "@/components/keys/KeyTable";
import { type NewKey, NewKeyDialog } from "@/components/keys/NewKeyDialog";
import { LoadMore, SecretOnce, useAction, usePages } from "@/components/page";

/** The member's own tokens. */
export function Tokens() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const tokens = usePages(["my-tokens"], (cursor) => taken(api.GET("/api/me/tokens", { params: { query: { cursor } } })));
  const refresh = [["my-tokens"]];
  const make = useAction((body: NewKey) => taken(api.POST("/api/me/tokens", { body })), {
    refresh,
    onDone: (made) => {
      setAdding(false);
      setSecret(made.secret);
    },
  });
  const revoke = useAction((token_id: string) => taken(api.DELETE("/api/me/tokens/{token_id}", { params: { path: { token_id } } })), {
    refresh,
    done: t("collect.sources.revoked"),
  });
  const none = !tokens.isPending && tokens.items.length === 0;
  return (
    <Card
      size="small"
      title={t("access.account.tokens")}
      styles={{ body: { padding: 0 } }}
      extra={
        <Button size="small" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t("access.account.newToken")}
        </Button>
      }
    >
      {tokens.error && <Failure small error={tokens.error} retry={() => void tokens.refetch()} />}
      {!tokens.error && none && <Empty title={t("access.account.noTokens")} hint={t("access.account.tokensHint")} />}
      {!tokens.error && !none && (
        <>
          <Typography.Text type="secondary" style={{ display: "block", padding: "8px 12px" }}>
            {t("access.account.tokensHint")}
          </Typography.Text>
          <KeyTable keys={tokens.items} loading={tokens.isPending} revoke={revoke.mutate} />
          <LoadMore list={tokens} />
        </>
      )}
      {adding && <NewKeyDialog title={t("access.account.newToken")} pending={make.isPending} close={() => setAdding(false)} make={make.mutate} />}
      <SecretOnce title={t("access.account.tokenTitle")} hint={t("access.account.tokenHint")} text={secret} close={() => setSecret(null)} />
    </Card>
  );
}
