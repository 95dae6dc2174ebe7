import { useQuery } from "@tanstack/react-query";
import { Alert, Segmented, theme, Typography } from "antd";
import { type CSSProperties, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import type { Schemas } from "@/api/types";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Moment, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import type { Mapping } from "./mapping";

type Found = Schemas["PreviewOutput"];

interface Props {
  uploadId: string;
  mapping: Mapping;
  source: string;
}

/** What the import would do with the first rows, as the server finds by doing it. */
export function Preview({ uploadId, mapping, source }: Props) {
  const { t, i18n } = useTranslation();
  const { number } = useWording();
  const project = useProject();
  const [shown, setShown] = useState<"items" | "rows">("items");
  const body = { upload_id: uploadId, mapping, source: source.trim() || "import" };
  const preview = useQuery({
    queryKey: ["import-preview", project.id, i18n.language, body],
    queryFn: () => taken(api.POST("/api/projects/{project_id}/imports/preview", { params: { path: { project_id: project.id } }, body })),
    staleTime: Infinity,
    retry: false,
  });
  if (preview.isPending) return <Waiting />;
  if (preview.error) return <Failure error={preview.error} retry={() => void preview.refetch()} />;
  const { faulty, read, faults, skipped } = preview.data;
  const figures = { count: faulty, total: number(read), shown: number(faulty) };
  return (
    <div className="stack">
      <Alert
        type={faulty > 0 ? "warning" : "success"}
        showIcon
        title={t(faulty > 0 ? "collect.imports.dirtyRows" : "collect.imports.cleanRows", figures)}
        description={skipped > 0 ? t("collect.imports.skippedRows", { count: skipped, shown: number(skipped) }) : undefined}
      />
      {faults.length > 0 && <Faults faults={faults} />}
      <div className="row between">
        <Typography.Text type="secondary">{t("collect.imports.previewHint")}</Typography.Text>
        <Segmented
          size="small"
          aria-label={t("collect.imports.view.preview")}
          value={shown}
          options={(["items", "rows"] as const).map((value) => ({ value, label: t(`collect.imports.previewed.${value}`) }))}
          onChange={setShown}
        />
      </div>
      {shown === "items" ? <Items found={preview.data} /> : <Rows found={preview.data} />}
    </div>
  );
}

function Faults({ faults }: { faults: Found["faults"] }) {
  const { t } = useTranslation();
  return (
    <Grid label={t("collect.imports.faults")} height={220} names={[t("collect.imports.line"), t("collect.imports.column"), t("collect.imports.why")]}>
      {faults.map((fault, place) => (
        <tr key={place}>
          <Cell>{fault.line || ""}</Cell>
          <Cell>{fault.column}</Cell>
          <Cell wide>{fault.detail}</Cell>
        </tr>
      ))}
    </Grid>
  );
}

/** The rows as they stand in the file, those with faults marked. */
function Rows({ found }: { found: Found }) {
  const { t } = useTranslation();
  const faulty = (line: number) => found.faults.filter((fault) => fault.line === line);
  return (
    <Grid label={t("collect.imports.previewed.rows")} height={480} names={[t("collect.imports.line"), ...found.columns]}>
      {found.rows.map((row) => {
        const faults = faulty(row.line);
        return (
          <tr key={row.line}>
            <Cell bad={faults.length > 0}>{row.line}</Cell>
            {row.cells.map((cell, at) => (
              <Cell key={found.columns[at]} bad={faults.some((fault) => fault.column === found.columns[at])}>
                {cell}
              </Cell>
            ))}
          </tr>
        );
      })}
    </Grid>
  );
}

/** What becomes of the rows. */
function Items({ found }: { found: Found }) {
  const { t } = useTranslation();
  const names = [...new Set(found.items.flatMap((item) => Object.keys(item.properties)))];
  const first = (["line", "kind", "event", "person", "time"] as const).map((name) => t(`collect.imports.item.${name}`));
  const text = (value: unknown) => (value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value as string));
  return (
    <Grid label={t("collect.imports.previewed.items")} height={480} names={[...first, ...names]}>
      {found.items.map((item, place) => (
        <tr key={place}>
          <Cell>{item.line}</Cell>
          <Cell>{t(`collect.imports.itemKinds.${item.kind}`)}</Cell>
          <Cell>{item.event}</Cell>
          <Cell>{item.anonymous_id ? `${item.anonymous_id} → ${item.distinct_id}` : item.distinct_id}</Cell>
          <Cell>{item.time ? <Moment at={item.time} seconds /> : t("collect.imports.item.arrival")}</Cell>
          {names.map((name) => (
            <Cell key={name}>{text(item.properties[name])}</Cell>
          ))}
        </tr>
      ))}
    </Grid>
  );
}

function Grid({ label, height, names, children }: { label: string; height: number; names: string[]; children: ReactNode }) {
  const { token } = theme.useToken();
  const border = `1px solid ${token.colorBorderSecondary}`;
  return (
    // A region that scrolls is reached by keyboard.
    <div role="region" aria-label={label} tabIndex={0} style={{ overflow: "auto", maxHeight: height, border, borderRadius: token.borderRadius }}>
      <table style={{ borderCollapse: "separate", borderSpacing: 0, fontSize: 13 }}>
        <thead>
          <tr>
            {names.map((name, at) => (
              <th key={`${at} ${name}`} scope="col" style={{ ...cellStyle(border), textAlign: "start", position: "sticky", top: 0, background: token.colorBgElevated }}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function Cell({ bad = false, wide = false, children }: { bad?: boolean; wide?: boolean; children?: ReactNode }) {
  const { token } = theme.useToken();
  const style = cellStyle(`1px solid ${token.colorBorderSecondary}`);
  return <td style={{ ...style, ...(wide ? { maxWidth: 720 } : {}), ...(bad ? { background: token.colorErrorBg, color: token.colorErrorText } : {}) }}>{children}</td>;
}

function cellStyle(border: string): CSSProperties {
  return { padding: "4px 10px", borderBottom: border, borderInlineEnd: border, maxWidth: 240, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" };
}
