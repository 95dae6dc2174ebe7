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
import { useProject } from "@/session/session";

/** The project's API keys; a secret is shown once. */
export function ApiKeys() {
  const { t } = useTranslation();
  const project = useProject();
  const path = { project_id: project.id };
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const keys = usePages(["api-keys", project.id], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/api-keys", { params: { path, query: { cursor } } })),
  );
  const refresh = [["api-keys", project.id]];
  const make = useAction((body: NewKey) => taken(api.POST("/api/projects/{project_id}/api-keys", { params: { path }, body })), {
    refresh,
    onDone: (made) => {
      setAdding(false);
      setSecret(made.secret);
    },
  });
  const revoke = useAction((key_id: string) => taken(api.DELETE("/api/projects/{project_id}/api-keys/{key_id}", { params: { path: { ...path, key_id } } })), {
    refresh,
    done: t("collect.sources.revoked"),
  });
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("collect.sources.newApiKey")}
    </Button>
  );
  if (keys.error) return <Failure error={keys.error} retry={() => void keys.refetch()} />;
  return (
    <div className="stack">
      {!keys.isPending && keys.items.length === 0 ? (
        <Empty title={t("collect.sources.noApiKeys")} hint={t("collect.sources.noApiKeysHint")} action={add} />
      ) : (
        <>
          <div className="row between">
            <Typography.Text type="secondary">{t("collect.sources.apiKeyHint")}</Typography.Text>
            {add}
          </div>
          <Card styles={{ body: { padding: 0 } }}>
            <KeyTable keys={keys.items} loading={keys.isPending} revoke={revoke.mutate} />
            <LoadMore list={keys} />
          </Card>
        </>
      )}
      {adding && <NewKeyDialog title={t("collect.sources.newApiKey")} pending={make.isPending} close={() => setAdding(false)} make={make.mutate} />}
      <SecretOnce title={t("collect.sources.secretTitle")} hint={t("collect.sources.secretHint")} text={secret} close={() => setSecret(null)} />
    </div>
  );
}
