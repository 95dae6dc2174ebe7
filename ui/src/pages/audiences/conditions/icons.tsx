import type { ReactNode } from "react";
import { ApartmentOutlined, CalendarOutlined, CheckOutlined, CloseOutlined, CopyOutlined, ExperimentOutlined, HistoryOutlined, TagOutlined, RightOutlined, TeamOutlined, UserOutlined } from "@/components/icons";
import type { Offered } from "./making";

export const CONDITION_ICONS: Record<Offered, ReactNode> = {
  property: <UserOutlined />,
  anniversary: <CalendarOutlined />,
  tag: <TagOutlined />,
  audience: <TeamOutlined />,
  did: <CheckOutlined />,
  notDid: <CloseOutlined />,
  occurrence: <HistoryOutlined />,
  sequence: <RightOutlined />,
  listed: <CopyOutlined />,
  share: <ExperimentOutlined />,
  group: <ApartmentOutlined />,
};
