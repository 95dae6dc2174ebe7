import {
  ApartmentOutlined,
  AuditOutlined,
  BarChartOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  ExperimentOutlined,
  KeyOutlined,
  SafetyOutlined,
  SettingOutlined,
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
