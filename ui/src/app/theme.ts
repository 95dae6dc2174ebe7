import { theme, type ThemeConfig } from "antd";

export const ACCENT = "#3355ff";

/** The look of every component; ``still`` for readers whose system is told to move nothing. */
export function themeOf(dark: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion: !still,
      colorPrimary: ACCENT,
      colorInfo: ACCENT,
      borderRadius: 8,
      fontSize: 14,
      colorBgLayout: dark ? "#0e1117" : "#f5f7fb",
      colorBgContainer: dark ? "#161b24" : "#ffffff",
      colorBgElevated: dark ? "#1c2330" : "#ffffff",
      colorTextSecondary: dark ? "#a9b4c6" : "#4f5b70",
      colorTextTertiary: dark ? "#95a1b5" : "#5d6980",
      colorTextDescription: dark ? "#a9b4c6" : "#4f5b70",
      colorLink: dark ? "#93a9ff" : ACCENT,
      // Ant Design's own colours of placeholders, errors and warnings are too pale to be read as text.
      colorTextPlaceholder: dark ? "#95a1b5" : "#667085",
      colorTextDisabled: dark ? "#8a96aa" : "#6b7688",
      colorError: dark ? "#ff8a84" : "#cf222e",
      colorErrorText: dark ? "#ff7b72" : "#cf222e",
      fontFamily: "inherit",
    },
    components: {
      Layout: {
        siderBg: dark ? "#12161f" : "#ffffff",
        headerBg: dark ? "#12161f" : "#ffffff",
        headerPadding: "0 16px",
        headerHeight: 52,
      },
      Menu: { itemSelectedColor: dark ? "#a8baff" : ACCENT, itemHeight: 36, itemBg: "transparent", subMenuItemBg: "transparent" },
      Card: { bodyPadding: 16, headerHeight: 46 },
      Table: { cellPaddingBlockSM: 7, ...(dark ? { rowSelectedBg: "#1a2136", rowSelectedHoverBg: "#1d2540" } : {}) },
      ...(dark ? { Tabs: { itemSelectedColor: "#8aa2ff", itemHoverColor: "#a9bbff", itemActiveColor: "#8aa2ff", inkBarColor: "#8aa2ff" } } : {}),
    },
  };
}
