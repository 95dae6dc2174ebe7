import { Card, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { CodeBlock } from "@/components/page";
import { useProject } from "@/session/session";
import { SNIPPETS } from "./snippets";
import type { Flag } from "./types";

/** The code that asks for the flag, by client. */
export function CodeCard({ flag }: { flag: Flag }) {
  const { t } = useTranslation();
  const { id } = useProject();
  const [name, choose] = useState("Web");
  const snippet = SNIPPETS.find((each) => each.name === name);
  return (
    <Card size="small" title={t("flags.code.title")} extra={<Select size="small" aria-label={t("flags.code.title")} value={name} style={{ width: 110 }} options={SNIPPETS.map((each) => ({ value: each.name, label: each.name }))} onChange={choose} />}>
      <div className="stack">
        <span style={{ fontSize: 13 }}>
          {t("flags.code.hint")} {t("flags.code.key")}{" "}
          <Link className="in-text" to={`/p/${id}/sources`}>
            {t("flags.code.keyLink")}
          </Link>
        </span>
        {snippet && <CodeBlock label={name} code={snippet.code(window.location.origin, flag.key, flag.definition.kind)} />}
      </div>
    </Card>
  );
}
