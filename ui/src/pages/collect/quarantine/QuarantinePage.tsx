import { Button, Input, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import { PageFrame, useUrlState } from "@/components/page";
import { useReason } from "../reasons";
import type { Wanted } from "./held";
import { ItemDrawer } from "./ItemDrawer";
import { Items } from "./Items";
import { Reasons } from "./Reasons";

const STATUSES = ["held", "replayed", "discarded"] as const;
export type Status = (typeof STATUSES)[number];

const NARROWING = ["reason", "event", "source", "protocol", "search"] as const;

/** What could not be stored: why, and what becomes of it. */
export function QuarantinePage() {
  const { t } = useTranslation();
  const url = useUrlState();
  const reason = useReason();
  const status = STATUSES.find((each) => each === url.get("status")) ?? "held";
  const wanted: Wanted = Object.fromEntries(NARROWING.map((name) => [name, url.get(name) || undefined]));
  const narrowed = NARROWING.filter((name) => wanted[name]);
  return (
    <PageFrame title={t("collect.quarantine.title")} hint={t("collect.quarantine.hint")}>
      <div className="row">
        <Segmented
          aria-label={t("collect.quarantine.status")}
          value={status}
          options={STATUSES.map((value) => ({ value, label: t(`collect.quarantine.statuses.${value}`) }))}
          onChange={(chosen) => url.change({ status: chosen === "held" ? null : chosen })}
        />
        <Input.Search
          key={wanted.search}
          allowClear
          style={{ width: 240 }}
          defaultValue={wanted.search ?? ""}
          placeholder={t("collect.quarantine.search")}
          aria-label={t("collect.quarantine.search")}
          onSearch={(text) => url.change({ search: text.trim() })}
        />
        {narrowed
          .filter((name) => name !== "search")
          .map((name) => (
            <Select
              key={name}
              aria-label={name}
              value={wanted[name]}
              options={[{ value: wanted[name], label: name === "reason" ? reason(wanted[name] ?? "") : wanted[name] }]}
              allowClear
              onClear={() => url.change({ [name]: null })}
            />
          ))}
        {narrowed.length > 0 && (
          <Button type="link" onClick={() => url.change(Object.fromEntries(NARROWING.map((name) => [name, null])))}>
            {t("collect.quarantine.clear")}
          </Button>
        )}
      </div>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 16, alignItems: "flex-start" }}>
        <div style={{ flex: "1 1 240px", maxWidth: 340, minWidth: 220 }}>
          <Reasons status={status} wanted={wanted} />
        </div>
        <div style={{ flex: "100 1 560px", minWidth: 0 }}>
          <Items key={JSON.stringify([status, wanted])} status={status} wanted={wanted} filtered={narrowed.length > 0} />
        </div>
      </div>
      <ItemDrawer />
    </PageFrame>
  );
}
