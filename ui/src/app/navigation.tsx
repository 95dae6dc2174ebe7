import {
  ApartmentOutlined,
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  BulbOutlined,
  CalendarOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  ExperimentOutlined,
  FlagOutlined,
  ForkOutlined,
  HistoryOutlined,
  InboxOutlined,
  KeyOutlined,
  NotificationOutlined,
  MailOutlined,
  SafetyOutlined,
  SendOutlined,
  SettingOutlined,
  ShareAltOutlined,
  ShoppingCartOutlined,
  StopOutlined,
  TagOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  UserOutlined,
  WarningOutlined,
} from "@/components/icons";
import type { ReactNode } from "react";
import type { Permission } from "@/api/types";
import type { zh } from "@/i18n/zh";

type PageName = keyof (typeof zh)["nav"]["pages"];
type GroupName = keyof (typeof zh)["nav"]["groups"];

export interface PageEntry {
  name: PageName;
  path: string;
  icon: ReactNode;
  permission: Permission;
}

export interface PageGroup {
  name: GroupName;
  pages: PageEntry[];
}

/** The pages by discipline; what has no page yet is not here. */
export const NAVIGATION: PageGroup[] = [
  {
    name: "data",
    pages: [
      { name: "dashboards", path: "dashboards", icon: <DashboardOutlined />, permission: "view" },
      { name: "insights", path: "insights", icon: <BarChartOutlined />, permission: "view" },
      { name: "metrics", path: "metrics", icon: <ExperimentOutlined />, permission: "view" },
    ],
  },
  {
    name: "users",
    pages: [
      { name: "people", path: "people", icon: <UserOutlined />, permission: "view" },
      { name: "audiences", path: "audiences", icon: <TeamOutlined />, permission: "view" },
      { name: "tags", path: "tags", icon: <TagOutlined />, permission: "view" },
      { name: "lifecycle", path: "lifecycle", icon: <HistoryOutlined />, permission: "view" },
      { name: "rfm", path: "rfm", icon: <ShoppingCartOutlined />, permission: "view" },
      { name: "activity", path: "activity", icon: <ThunderboltOutlined />, permission: "view" },
      { name: "predictions", path: "predictions", icon: <BulbOutlined />, permission: "view" },
      { name: "warnings", path: "warnings", icon: <BellOutlined />, permission: "view" },
      { name: "syncs", path: "syncs", icon: <ShareAltOutlined />, permission: "view" },
    ],
  },
  {
    name: "reach",
    pages: [
      { name: "campaigns", path: "campaigns", icon: <NotificationOutlined />, permission: "view" },
      { name: "calendar", path: "calendar", icon: <CalendarOutlined />, permission: "view" },
      { name: "journeys", path: "journeys", icon: <ForkOutlined />, permission: "view" },
      { name: "templates", path: "templates", icon: <MailOutlined />, permission: "view" },
      { name: "channels", path: "channels", icon: <SendOutlined />, permission: "view" },
      { name: "outbox", path: "outbox", icon: <InboxOutlined />, permission: "view" },
      { name: "consent", path: "consent", icon: <SafetyOutlined />, permission: "view" },
    ],
  },
  {
    name: "proof",
    pages: [
      { name: "experiments", path: "experiments", icon: <ExperimentOutlined />, permission: "view" },
      { name: "flags", path: "flags", icon: <FlagOutlined />, permission: "view" },
      { name: "holdout", path: "holdout", icon: <StopOutlined />, permission: "view" },
    ],
  },
  {
    name: "collection",
    pages: [
      { name: "live", path: "live", icon: <ThunderboltOutlined />, permission: "view" },
      { name: "plan", path: "plan", icon: <ApartmentOutlined />, permission: "view" },
      { name: "quarantine", path: "quarantine", icon: <WarningOutlined />, permission: "view" },
      { name: "imports", path: "imports", icon: <CloudUploadOutlined />, permission: "edit_data" },
      { name: "sources", path: "sources", icon: <KeyOutlined />, permission: "view" },
    ],
  },
  {
    name: "administration",
    pages: [
      { name: "members", path: "members", icon: <SafetyOutlined />, permission: "view" },
      { name: "audit", path: "audit", icon: <AuditOutlined />, permission: "read_audit" },
      { name: "settings", path: "settings", icon: <SettingOutlined />, permission: "manage_project" },
    ],
  },
];
