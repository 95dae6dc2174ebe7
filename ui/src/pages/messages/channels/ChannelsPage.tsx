import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { PlusOutlined } from "@/components/icons";
import { PageFrame } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay, useProject } from "@/session/session";
import { useChannels, useKinds } from "../common/queries";
import type { Channel } from "../common/types";
import { ChannelDrawer } from "./ChannelDrawer";
import { ChannelTable } from "./ChannelTable";
import { ReturnsDrawer } from "./ReturnsDrawer";
import { TryIt } from "./TryIt";
import "../common/writing.css";

const EVERY_MS = 20_000;

export type Opened = { what: "new" } | { what: "edit" | "try" | "returns"; channel: Channel };

/** Where messages go out, and what each channel did today. */
export function ChannelsPage() {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("manage_project");
  const channels = useChannels();
  const kinds = useKinds();
  const [opened, open] = useState<Opened | null>(null);
  const close = () => open(null);
  const activity = useQuery({
    queryKey: ["message-channels", project_id, "activity"],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/message-channels/activity", { params: { path: { project_id } } })),
    refetchInterval: EVERY_MS,
  });
  const create = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open({ what: "new" })}>
      {t("channels.create")}
    </Button>
  );
  const error = channels.error ?? kinds.error;
  return (
    <PageFrame title={t("channels.title")} hint={t("channels.hint")} extra={create}>
      {error && <Failure error={error} retry={() => void channels.refetch()} />}
      {!may && <span style={{ opacity: 0.85 }}>{t("channels.mayNot")}</span>}
      {!error && (!channels.data || !kinds.data) && <Waiting />}
      {channels.data?.length === 0 && <Empty title={t("channels.empty")} hint={t("channels.emptyHint")} action={create} />}
      {channels.data && channels.data.length > 0 && kinds.data && <ChannelTable channels={channels.data} kinds={kinds.data} activity={activity.data ?? []} open={open} />}
      {kinds.data && (opened?.what === "new" || opened?.what === "edit") && (
        <ChannelDrawer key={opened.what === "edit" ? opened.channel.id : "new"} kinds={kinds.data} channel={opened.what === "edit" ? opened.channel : null} close={close} made={(channel) => open({ what: "try", channel })} />
      )}
      {opened?.what === "try" && <TryIt channel={opened.channel} close={close} />}
      {opened?.what === "returns" && <ReturnsDrawer channel={opened.channel} close={close} />}
    </PageFrame>
  );
}
