import { Form, Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { Content } from "../common/types";
import { type FieldsProps, LineField, SourceField } from "./fields";

/** A mail: subject, body in MJML or HTML, and the part in plain text. */
export function EmailFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { content, change } = props;
  const inHtml = Boolean(content["html"]) && !content["mjml"];
  const own = typeof content["text"] === "string" && content["text"] !== "";
  return (
    <>
      <LineField {...props} name="subject" label={t("templates.edit.subject")} hint={t("templates.edit.subjectHint")} />
      <SourceField
        {...props}
        key={inHtml ? "html" : "mjml"}
        name={inHtml ? "html" : "mjml"}
        label={t(inHtml ? "templates.edit.html" : "templates.edit.mjml")}
        markup
        lines={[16, 30]}
      />
      <Form.Item label={t("templates.edit.plain")} extra={own ? undefined : t("templates.edit.plainHint")}>
        <Radio.Group
          aria-label={t("templates.edit.plain")}
          optionType="button"
          disabled={!change}
          value={own ? "own" : "auto"}
          options={(["auto", "own"] as const).map((value) => ({ value, label: t(value === "auto" ? "templates.edit.plainAuto" : "templates.edit.plainOwn") }))}
          onChange={(event) => change?.({ ...content, text: event.target.value === "own" ? `{{ person.name | default: '' }}\n` : "" })}
        />
      </Form.Item>
      {own && <SourceField {...props} name="text" label={t("templates.edit.plain")} lines={[6, 16]} />}
      <div className="form-grid">
        <LineField {...props} name="sender" label={t("templates.edit.sender")} hint={t("templates.edit.senderHint")} />
        <LineField {...props} name="reply_to" label={t("templates.edit.replyTo")} />
        <Form.Item label={t("templates.edit.source")}>
          <Radio.Group aria-label={t("templates.edit.source")} optionType="button" disabled={!change} value={inHtml ? "html" : "mjml"} options={["mjml", "html"].map((value) => ({ value, label: value.toUpperCase() }))} onChange={(event) => change?.(writtenIn(content, event.target.value as "mjml" | "html"))} />
        </Form.Item>
      </div>
    </>
  );
}

/** The mail with an empty page of the other kind of source; what was there is not turned into it. */
function writtenIn(content: Content, kind: "mjml" | "html"): Content {
  if (kind === "html") return { ...content, mjml: "", html: "<p>{{ person.name | default: '' }}</p>\n<p><a href=\"{{ links.unsubscribe }}\">Unsubscribe</a></p>\n" };
  return { ...content, html: "", mjml: "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text>{{ person.name | default: '' }}</mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n" };
}
