import type { ReactNode } from "react";
import { ApartmentOutlined, BellOutlined, CalendarOutlined, CheckOutlined, CloudUploadOutlined, ExperimentOutlined, GiftOutlined, HistoryOutlined, LoginOutlined, MailOutlined, PauseOutlined, ShareAltOutlined, TagOutlined, TeamOutlined, UserOutlined } from "@/components/icons";
import type { NodeKind } from "./types";

export const KIND_ICONS: Record<NodeKind | "entry", ReactNode> = {
  entry: <LoginOutlined />,
  wait: <HistoryOutlined />,
  wait_until: <CalendarOutlined />,
  wait_for: <BellOutlined />,
  branch: <ApartmentOutlined />,
  split: <ShareAltOutlined />,
  experiment: <ExperimentOutlined />,
  send: <MailOutlined />,
  set_property: <UserOutlined />,
  set_tag: <TagOutlined />,
  add_to_audience: <TeamOutlined />,
  give: <GiftOutlined />,
  task: <CheckOutlined />,
  webhook: <CloudUploadOutlined />,
  exit: <PauseOutlined />,
};
