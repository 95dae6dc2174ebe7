import { Input, theme } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";

/** A value of a property as text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const MANY = 12;

/** All properties of an event or a person, with a search where there are many. */
export function PropertyTable({ properties, label }: { properties: Record<string, unknown>; label: string }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const all = Object.entries(properties);
  const shown = all
    .filter(([name, value]) => !wanted || name.toLowerCase().includes(wanted) || valueText(value).toLowerCase().includes(wanted))
    .sort(([one], [other]) => one.localeCompare(other));
  return (
    <div className="stack" style={{ gap: 8 }}>
      {all.length > MANY && (
        <Input.Search size="small" allowClear style={{ maxWidth: 280 }} placeholder={t("common.search")} aria-label={t("common.search")} value={search} onChange={(event) => setSearch(event.target.value)} />
      )}
      <table aria-label={label} style={{ borderCollapse: "collapse", width: "100%", tableLayout: "fixed", fontSize: 13 }}>
        <tbody>
          {shown.map(([name, value]) => (
            <tr key={name} style={{ borderTop: `1px solid ${token.colorBorderSecondary}` }}>
              <th scope="row" style={{ width: "36%", textAlign: "start", fontWeight: 500, padding: "4px 8px 4px 0", overflowWrap: "anywhere", color: token.colorTextSecondary }}>
                {name}
              </th>
              <td style={{ padding: "4px 8px", overflowWrap: "anywhere" }}>{valueText(value) || t("common.empty")}</td>
              <td style={{ width: 32, padding: 0 }}>
                <CopyButton text={valueText(value)} label={name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
