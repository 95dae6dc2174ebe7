import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, DatePicker, List, Modal, Typography } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { readAgain } from "@/components/page";
import { PeriodPicker, usePeriodName } from "@/components/query/PeriodPicker";
import { LAST_30_DAYS } from "@/query/starting";
import type { Period } from "@/query/types";
import { useProject } from "@/session/session";

export interface Shared {
  kind: "dashboard" | "insight";
  id: string;
  period: Period | null;
}

/** The verbs on the links of a board or of an insight. */
function linksOf(project_id: string, { kind, id }: Shared) {
  if (kind === "dashboard") {
    const path = { project_id, dashboard_id: id };
    return {
      list: () => taken(api.GET("/api/projects/{project_id}/dashboards/{dashboard_id}/links", { params: { path } })),
      make: (body: { expires_at: string; period: Period }) => taken(api.POST("/api/projects/{project_id}/dashboards/{dashboard_id}/links", { params: { path }, body })),
      revoke: (link_id: string) => api.DELETE("/api/projects/{project_id}/dashboards/{dashboard_id}/links/{link_id}", { params: { path: { ...path, link_id } } }),
    };
  }
  const path = { project_id, insight_id: id };
  return {
    list: () => taken(api.GET("/api/projects/{project_id}/insights/{insight_id}/links", { params: { path } })),
    make: (body: { expires_at: string; period: Period }) => taken(api.POST("/api/projects/{project_id}/insights/{insight_id}/links", { params: { path }, body })),
    revoke: (link_id: string) => api.DELETE("/api/projects/{project_id}/insights/{insight_id}/links/{link_id}", { params: { path: { ...path, link_id } } }),
  };
}

/** Links that show a board or an insight to whoever has them. */
export function ShareLinks({ shared, close }: { shared: Shared; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const queries = useQueryClient();
  const nameOf = usePeriodName();
  const [expires, setExpires] = useState<Dayjs>(dayjs().add(30, "day"));
  const [period, setPeriod] = useState<Period>(shared.period ?? LAST_30_DAYS);
  const verbs = linksOf(project_id, shared);
  const key = ["links", project_id, shared.kind, shared.id];
  const links = useQuery({ queryKey: key, queryFn: verbs.list });
  const make = useMutation({
    mutationFn: () => verbs.make({ expires_at: expires.toISOString(), period }),
    onSettled: () => readAgain(queries, key),
  });
  const revoke = useMutation({
    mutationFn: verbs.revoke,
    onSettled: () => readAgain(queries, key),
  });
  const address = make.data && `${window.location.origin}${make.data.path}`;
  return (
    <Modal open title={t("dashboards.share")} onCancel={close} footer={null} width={620}>
      <div className="stack">
        <span>{t("dashboards.shareHint")}</span>
        <div className="row">
          <PeriodPicker value={period} onChange={setPeriod} />
          <span>{t("dashboards.expires")}</span>
          <DatePicker aria-label={t("dashboards.expires")} allowClear={false} value={expires} minDate={dayjs().add(1, "day")} onChange={(day) => day && setExpires(day)} />
          <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
            {t("dashboards.makeLink")}
          </Button>
        </div>
        {make.error && <Failure small error={make.error} />}
        {address && (
          <Alert
            type="success"
            title={t("dashboards.linkOnce")}
            description={
              <div className="stack">
                <Typography.Text copyable>{address}</Typography.Text>
                <div>
                  {t("dashboards.embed")}: <Typography.Text code copyable>{`<iframe src="${address}" width="100%" height="800"></iframe>`}</Typography.Text>
                </div>
              </div>
            }
          />
        )}
        <strong>{t("dashboards.links")}</strong>
        <List
          size="small"
          loading={links.isPending}
          dataSource={links.data?.items ?? []}
          renderItem={(link) => (
            <List.Item
              actions={[
                <Button key="revoke" size="small" danger type="text" onClick={() => revoke.mutate(link.id)}>
                  {t("dashboards.revoke")}
                </Button>,
              ]}
            >
              …{link.token_ending} · {link.period ? nameOf(link.period as Period) : t("dashboards.ownPeriods")} · {link.expired ? t("dashboards.expired") : dayjs(link.expires_at).format("YYYY-MM-DD")}
            </List.Item>
          )}
        />
      </div>
    </Modal>
  );
}
