import { useQuery } from "@tanstack/react-query";
import { Alert, theme, Tooltip, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Waiting } from "@/components/Waiting";
import type { Column, Mapping } from "./mapping";
import { dirtOf, type Sample, sampleOf } from "./preview";

interface Props {
  file: File | null;
  mapping: Mapping;
  columns: Column[];
}

/** The first rows as they will be read, with what cannot be. */
export function Preview({ file, mapping, columns }: Props) {
  const { t } = useTranslation();
  const sample = useQuery({
    queryKey: ["import-sample", file?.name, file?.size, file?.lastModified, mapping.read],
    queryFn: () => (file ? sampleOf(file, mapping) : null),
    staleTime: Infinity,
  });
  if (sample.isPending) return <Waiting />;
  if (!sample.data) {
    const longest = Math.max(0, ...columns.map((column) => column.examples.length));
    const rows = Array.from({ length: longest }, (_, place) => columns.map((column) => column.examples[place] ?? ""));
    return (
      <div className="stack">
        <Alert type="info" showIcon title={t("collect.imports.previewNone")} />
        <Rows sample={{ header: columns.map((column) => column.column), rows }} mapping={null} />
      </div>
    );
  }
  const { header, rows } = sample.data;
  const count = rows.filter((row) => dirtOf(row, header, mapping).size > 0).length;
  const total = rows.length;
  return (
    <div className="stack">
      <Typography.Text type="secondary">{t("collect.imports.previewHint")}</Typography.Text>
      <Alert type={count > 0 ? "warning" : "success"} showIcon title={t(count > 0 ? "collect.imports.dirtyRows" : "collect.imports.cleanRows", { count, total })} />
      <Rows sample={sample.data} mapping={mapping} />
    </div>
  );
}

function Rows({ sample, mapping }: { sample: Sample; mapping: Mapping | null }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const border = `1px solid ${token.colorBorderSecondary}`;
  const cell = { padding: "4px 10px", borderBottom: border, borderInlineEnd: border, maxWidth: 240, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;
  return (
    // A region that scrolls is reached by keyboard.
    <div role="region" aria-label={t("collect.imports.view.preview")} tabIndex={0} style={{ overflow: "auto", maxHeight: 520, border, borderRadius: token.borderRadius }}>
      <table style={{ borderCollapse: "separate", borderSpacing: 0, fontSize: 13 }}>
        <thead>
          <tr>
            {sample.header.map((name) => (
              <th key={name} scope="col" style={{ ...cell, textAlign: "start", position: "sticky", top: 0, background: token.colorBgElevated }}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.rows.map((row, place) => {
            const dirt = mapping ? dirtOf(row, sample.header, mapping) : new Map();
            return (
              // Rows have no other identity than their place.
              <tr key={place}>
                {sample.header.map((name, at) => {
                  const fault = dirt.get(at);
                  return (
                    <td key={name} style={{ ...cell, background: fault ? token.colorErrorBg : undefined }}>
                      {fault ? (
                        <Tooltip title={t(`collect.imports.dirty.${fault as "number"}`)}>
                          <span style={{ color: token.colorErrorText }}>
                            {row[at] || t("common.empty")} ({t(`collect.imports.dirty.${fault as "number"}`)})
                          </span>
                        </Tooltip>
                      ) : (
                        row[at]
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
