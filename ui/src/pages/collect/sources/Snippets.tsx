import { Alert, Button, Card, Radio, Select, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { CodeBlock, useUrlState } from "@/components/page";
import { useProject } from "@/session/session";
import { useSources } from "./queries";
import { CURL, masked, SDKS } from "./snippets";

/** What to paste where, with the address of this server and a chosen key. */
export function Snippets() {
  const { t } = useTranslation();
  const project = useProject();
  const url = useUrlState();
  const sources = useSources();
  if (sources.isPending) return <Waiting />;
  if (sources.error) return <Failure error={sources.error} retry={() => void sources.refetch()} />;
  const keys = sources.data.flatMap((source) => source.keys.filter((key) => !key.revoked_at).map((key) => ({ key: key.key, source: source.name })));
  const key = (keys.find((each) => each.key === url.get("key")) ?? keys[0])?.key;
  const sdk = SDKS.find((each) => each.key === url.get("sdk")) ?? CURL;
  const host = window.location.origin;
  return (
    <div className="stack">
      <div className="row" style={{ gap: "8px 24px" }}>
        {key ? (
          <div className="row">
            <span>{t("collect.sources.snippetKey")}</span>
            <Select
              aria-label={t("collect.sources.snippetKey")}
              style={{ minWidth: 260 }}
              value={key}
              options={keys.map((each) => ({ value: each.key, label: `${each.source} · ${masked(each.key)}` }))}
              onChange={(chosen) => url.change({ key: chosen })}
            />
          </div>
        ) : (
          <Alert type="info" showIcon title={t("collect.sources.snippetNoKey")} />
        )}
        <span>
          {t("collect.sources.snippetHost")} <Typography.Text code>{host}</Typography.Text>
        </span>
        <Link to={`/p/${project.id}/live`}>
          <Button type="link">{t("collect.sources.tryIt")}</Button>
        </Link>
      </div>
      <Card size="small">
        <div className="stack">
          <Radio.Group
            aria-label={t("collect.sources.protocol")}
            optionType="button"
            style={{ display: "flex", flexWrap: "wrap", rowGap: 6 }}
            value={sdk.key}
            options={SDKS.map((each) => ({ value: each.key, label: each.title }))}
            onChange={(event) => url.change({ sdk: event.target.value === "curl" ? null : String(event.target.value) })}
          />
          {sdk.snippets.map((snippet) => (
            <div key={snippet.where} className="stack" style={{ gap: 6 }}>
              <Typography.Text type="secondary">{t(`collect.sources.snippetWhere.${snippet.where}`)}</Typography.Text>
              <CodeBlock code={snippet.code(host, key ?? "WRITE_KEY")} label={`${sdk.title}: ${t(`collect.sources.snippetWhere.${snippet.where}`)}`} />
            </div>
          ))}
        </div>
      </Card>
    </div>
  );
}
