import { useQuery } from "@tanstack/react-query";
import { Button, Card, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";

/** Which web sites may show this project's public pages in a frame. */
export function Embedding() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const params = { path: { project_id } };
  const found = useQuery({ queryKey: ["embedding", project_id], queryFn: () => taken(api.GET("/api/projects/{project_id}/embedding", { params })) });
  return (
    <Card size="small" title={t("access.settings.embedding")}>
      {found.isPending && <Waiting height={60} />}
      {found.error && <Failure small error={found.error} />}
      {found.data && <Origins key={found.data.origins.join(" ")} origins={found.data.origins} />}
    </Card>
  );
}

function Origins({ origins }: { origins: string[] }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const manages = useMay("manage_project");
  const [entered, setEntered] = useState(origins);
  const save = useAction(() => taken(api.PUT("/api/projects/{project_id}/embedding", { params: { path: { project_id } }, body: { origins: entered } })), {
    done: t("common.saved"),
    refresh: [["embedding", project_id]],
  });
  return (
    <div className="stack">
      <span>{t("access.settings.embeddingHint")}</span>
      <Select mode="tags" open={false} suffixIcon={null} disabled={!manages} aria-label={t("access.settings.embedding")} placeholder="https://www.example.com" tokenSeparators={[" ", ","]} value={entered} onChange={setEntered} />
      <div>
        <Button type="primary" disabled={!manages || entered.join(" ") === origins.join(" ")} loading={save.isPending} onClick={() => save.mutate()}>
          {t("common.save")}
        </Button>
      </div>
    </div>
  );
}
