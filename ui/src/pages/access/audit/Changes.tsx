import { theme, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { valueText } from "@/components/page";
import { changesOf } from "./changed";

interface Props {
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** Values as they were and as they are, side by side. */
export function Changes({ before, after }: Props) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const changes = changesOf(before, after);
  if (changes.length === 0) return <Typography.Text type="secondary">{t("access.audit.nothing")}</Typography.Text>;
  const cell = { padding: "4px 12px 4px 0", textAlign: "start", overflowWrap: "anywhere", borderBottom: `1px solid ${token.colorBorderSecondary}`, verticalAlign: "top" } as const;
  return (
    <table style={{ borderCollapse: "collapse", fontSize: 13, maxWidth: 900 }}>
      <thead>
        <tr>
          <th style={cell} scope="col">
            {t("common.name")}
          </th>
          <th style={cell} scope="col">
            {t("access.audit.before")}
          </th>
          <th style={cell} scope="col">
            {t("access.audit.after")}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name}>
            <th style={{ ...cell, fontWeight: 500 }} scope="row">
              {change.name}
            </th>
            <td style={{ ...cell, color: token.colorErrorText }}>{valueText(change.before)}</td>
            <td style={cell}>{valueText(change.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
