import { MenuFoldOutlined, MenuUnfoldOutlined, SearchOutlined } from "@/components/icons";
import { Button, Layout, Menu, Select } from "antd";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation, useNavigate } from "react-router";
import { Empty } from "@/components/Empty";
import { Waiting } from "@/components/Waiting";
import { useMaybeProject, useMe } from "@/session/session";
import { CommandPalette, useCommandPalette } from "./CommandPalette";
import { LanguageSwitch, MemberMenu, ThemeSwitch } from "./HeaderMenus";
import mark from "./mark.svg";
import { NAVIGATION } from "./navigation";
import { PageBoundary } from "./PageBoundary";

/** The frame around every page of a project. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const project = useMaybeProject();
  const navigate = useNavigate();
  const location = useLocation();
  const [folded, setFolded] = useState(window.innerWidth < 1100);
  const palette = useCommandPalette();
  const section = location.pathname.split("/")[3] ?? "";
  if (project === null) {
    return <Empty title={t("nav.noProject")} hint={t("nav.noProjectHint")} action={<Button href="/">{t("nav.home")}</Button>} />;
  }
  const items = NAVIGATION.map((group) => ({
    type: "group" as const,
    key: group.name,
    label: folded ? null : t(`nav.groups.${group.name}`),
    children: group.pages
      .filter((page) => project.permissions.includes(page.permission))
      .map((page) => ({ key: page.path, icon: page.icon, label: t(`nav.pages.${page.name}`) })),
  })).filter((group) => group.children.length > 0);
  return (
    <Layout style={{ height: "100vh" }}>
      <a className="skip-link" href="#content">
        {t("nav.skip")}
      </a>
      <Layout.Sider collapsed={folded} width={208} collapsedWidth={60} style={{ overflow: "auto" }}>
        <a href={`/p/${project.id}/dashboards`} onClick={(click) => goInside(click, navigate)} style={{ color: "inherit" }}>
          <div className="row" style={{ padding: "14px 18px 10px", gap: 10, flexWrap: "nowrap" }}>
            <img src={mark} alt={folded ? "Bihuan 闭环" : ""} width={24} height={24} />
            {!folded && <strong style={{ fontSize: 16, whiteSpace: "nowrap" }}>Bihuan 闭环</strong>}
          </div>
        </a>
        <nav aria-label={t("nav.label")}>
          <Menu
            mode="inline"
            selectedKeys={[section]}
            items={items}
            onClick={({ key }) => navigate(`/p/${project.id}/${key}`)}
            style={{ borderInlineEnd: "none" }}
          />
        </nav>
      </Layout.Sider>
      <Layout>
        <Layout.Header className="row between" style={{ flexWrap: "nowrap" }}>
          <div className="row" style={{ flexWrap: "nowrap" }}>
            <Button
              type="text"
              aria-label={t(folded ? "nav.unfold" : "nav.fold")}
              icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
              onClick={() => setFolded(!folded)}
            />
            <Select
              aria-label={t("nav.project")}
              value={project.id}
              variant="borderless"
              popupMatchSelectWidth={false}
              options={me.projects.map((each) => ({ value: each.id, label: each.name }))}
              onChange={(id) => navigate(`/p/${id}/${section}`)}
            />
          </div>
          <div className="row" style={{ flexWrap: "nowrap", gap: 4 }}>
            <Button icon={<SearchOutlined />} onClick={palette.show} aria-keyshortcuts="Meta+K Control+K">
              {t("nav.search")} <kbd style={{ opacity: 0.75, fontFamily: "inherit" }}>⌘K</kbd>
            </Button>
            <LanguageSwitch />
            <ThemeSwitch />
            <MemberMenu />
          </div>
        </Layout.Header>
        <Layout.Content id="content" tabIndex={-1} role="main" style={{ overflow: "auto", outline: "none" }}>
          <PageBoundary key={location.pathname}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </PageBoundary>
        </Layout.Content>
      </Layout>
      <CommandPalette open={palette.open} close={palette.hide} />
    </Layout>
  );
}

function goInside(click: React.MouseEvent<HTMLAnchorElement>, navigate: ReturnType<typeof useNavigate>): void {
  if (click.metaKey || click.ctrlKey) return;
  click.preventDefault();
  void navigate(click.currentTarget.pathname);
}
