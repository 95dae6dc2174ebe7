import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { ApiError } from "@/api/client";
import { PreferencesProvider, usePreferences } from "./preferences";
import { router } from "./router";
import { themeOf } from "./theme";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const queryClient = new QueryClient({
  defaultOptions: {
    // The server may be on this machine or in this house: reachable where the browser says that it is offline.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => !(error instanceof ApiError && error.status < 500) && times < 2,
    },
  },
});

function Themed() {
  const { dark } = usePreferences();
  const { i18n } = useTranslation();
  const chinese = i18n.language === "zh";
  dayjs.locale(chinese ? "zh-cn" : "en");
  return (
    <ConfigProvider locale={chinese ? zhCN : enUS} theme={themeOf(dark, STILL)} button={{ autoInsertSpace: false }}>
      <AntApp style={{ height: "100%" }} message={{ duration: 5 }}>
        <RouterProvider router={router} />
      </AntApp>
    </ConfigProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <PreferencesProvider>
        <Themed />
      </PreferencesProvider>
    </QueryClientProvider>
  );
}
