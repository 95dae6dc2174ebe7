import { Form, InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { EmailFields } from "./EmailFields";
import { type FieldsProps, LineField, PairsField, SourceField } from "./fields";

/** What one language of one variant says, by its medium. */
export function ContentFields(props: FieldsProps) {
  switch (props.content.medium) {
    case "email":
      return <EmailFields {...props} />;
    case "sms":
      return <SmsFields {...props} />;
    case "push":
      return <PushFields {...props} />;
    case "bot":
      return <BotFields {...props} />;
    case "in_app":
      return <InAppFields {...props} />;
    case "webhook":
      return <WebhookFields {...props} />;
  }
}

function SmsFields(props: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SourceField {...props} name="text" label={t("templates.edit.smsText")} lines={[4, 10]} />
      <div className="form-grid">
        <LineField {...props} name="signature" label={t("templates.edit.signature")} hint={t("templates.edit.signatureHint")} />
        <LineField {...props} name="template_id" label={t("templates.edit.providerTemplate")} hint={t("templates.edit.providerTemplateHint")} />
      </div>
      <PairsField {...props} name="parameters" label={t("templates.edit.parameters")} hint={t("templates.edit.parametersHint")} add={t("templates.edit.addParameter")} />
    </>
  );
}

function PushFields(props: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <LineField {...props} name="title" label={t("templates.edit.titleField")} />
      <SourceField {...props} name="body" label={t("templates.edit.body")} lines={[3, 8]} />
      <LineField {...props} name="link" label={t("templates.edit.link")} />
      <PairsField {...props} name="data" label={t("templates.edit.data")} add={t("templates.edit.addData")} />
    </>
  );
}

function BotFields(props: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <LineField {...props} name="title" label={t("templates.edit.titleField")} />
      <SourceField {...props} name="markdown" label={t("templates.edit.markdown")} hint={t("templates.edit.markdownHint")} lines={[8, 24]} />
    </>
  );
}

function InAppFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { content, change } = props;
  return (
    <>
      <Form.Item label={t("templates.edit.form")}>
        <Radio.Group
          aria-label={t("templates.edit.form")}
          optionType="button"
          disabled={!change}
          value={content["form"]}
          options={(["banner", "modal", "inbox"] as const).map((value) => ({ value, label: t(`templates.edit.forms.${value}`) }))}
          onChange={(event) => change?.({ ...content, form: event.target.value as string })}
        />
      </Form.Item>
      <LineField {...props} name="title" label={t("templates.edit.titleField")} />
      <SourceField {...props} name="body" label={t("templates.edit.body")} lines={[3, 8]} />
      <div className="form-grid">
        <LineField {...props} name="button" label={t("templates.edit.button")} />
        <LineField {...props} name="link" label={t("templates.edit.link")} />
        <LineField {...props} name="image" label={t("templates.edit.imageField")} />
        <Form.Item label={t("templates.edit.expires")} htmlFor="field-expires" extra={t("templates.edit.expiresHint")}>
          <InputNumber id="field-expires" min={0} max={8784} precision={0} disabled={!change} value={Number(content["expires_hours"] ?? 0)} onChange={(hours) => change?.({ ...content, expires_hours: hours ?? 0 })} />
        </Form.Item>
      </div>
    </>
  );
}

function WebhookFields(props: FieldsProps) {
  const { t } = useTranslation();
  const hint = (
    <>
      {t("templates.edit.payloadHint")} <code>{"{{ person.name | json }}"}</code>
    </>
  );
  return <SourceField {...props} name="payload" label={t("templates.edit.payload")} hint={hint} lines={[10, 28]} />;
}
