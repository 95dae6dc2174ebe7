import { Button, Dropdown, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AppstoreAddOutlined, DownOutlined } from "@/components/icons";
import { block, type BlockName, imageBlock, imageHtml, type Picture, withBlock } from "./blocks";
import { replaceAll } from "./inserting";

type Field = HTMLInputElement | HTMLTextAreaElement;
const NAMES: readonly BlockName[] = ["heading", "text", "button", "image", "divider", "columns", "condition"];
const NOTHING: Picture = { url: "", alt: "", link: "" };

/** Parts of a mail, put in at the cursor; images by URL. */
export function BlockMenu({ html }: { html: boolean }) {
  const { t } = useTranslation();
  const [picture, setPicture] = useState<Picture | null>(null);
  const source = () => document.querySelector<Field>(html ? "#field-html" : "#field-mjml");
  const put = (added: string) => {
    const field = source();
    if (!field) return;
    const at = field.selectionStart ?? field.value.length;
    const next = html ? { source: field.value.slice(0, at) + added + field.value.slice(at), cursor: at + added.length } : withBlock(field.value, at, added);
    replaceAll(field, next.source, next.cursor);
  };
  const names = html ? NAMES.filter((name) => name === "image") : NAMES;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: names.map((key) => ({ key, label: t(`templates.edit.block.${key}`) })),
          onClick: ({ key }) => (key === "image" ? setPicture(NOTHING) : put(block(key as Exclude<BlockName, "image">))),
        }}
      >
        <Button icon={<AppstoreAddOutlined />}>
          {t("templates.edit.blocks")} <DownOutlined style={{ fontSize: 10 }} />
        </Button>
      </Dropdown>
      {picture && (
        <PictureForm
          close={() => setPicture(null)}
          put={(given) => {
            setPicture(null);
            // After the dialog gave the focus back.
            setTimeout(() => put(html ? imageHtml(given) : imageBlock(given)), 50);
          }}
        />
      )}
    </>
  );
}

function PictureForm({ close, put }: { close: () => void; put: (picture: Picture) => void }) {
  const { t } = useTranslation();
  const [held, hold] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const fine = /^(https:\/\/[^\s"<>]+|\{\{.+\}\})$/.test(held.url.trim());
  const submit = () => (fine ? put({ ...held, url: held.url.trim() }) : setTried(true));
  return (
    <Modal open title={t("templates.edit.imageTitle")} okText={t("templates.edit.insert")} onOk={submit} onCancel={close}>
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={t("templates.edit.imageUrl")} htmlFor="picture-url" extra={t("templates.edit.imageUrlHint")} validateStatus={tried && !fine ? "error" : undefined} help={tried && !fine ? t("templates.edit.imageBad") : undefined}>
          <Input id="picture-url" autoFocus placeholder="https://" value={held.url} onChange={(event) => hold({ ...held, url: event.target.value })} onPressEnter={submit} />
        </Form.Item>
        <Form.Item label={t("templates.edit.imageAlt")} htmlFor="picture-alt" extra={t("templates.edit.imageAltHint")}>
          <Input id="picture-alt" value={held.alt} onChange={(event) => hold({ ...held, alt: event.target.value })} onPressEnter={submit} />
        </Form.Item>
        <Form.Item label={t("templates.edit.imageLink")} htmlFor="picture-link">
          <Input id="picture-link" value={held.link} onChange={(event) => hold({ ...held, link: event.target.value })} onPressEnter={submit} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
