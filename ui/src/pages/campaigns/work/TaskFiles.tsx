import { Button, Upload } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { DeleteOutlined, UploadOutlined } from "@/components/icons";
import { LoadMore, useWording } from "@/components/page";
import { useMay } from "@/session/session";
import type { Campaign } from "../shared/types";
import { useFiles } from "./files";

/** The files of a task: they are among those of the campaign, too. */
export function TaskFiles({ campaign, taskId }: { campaign: Campaign; taskId: string }) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const words = useWording();
  const { files, send, take, remove } = useFiles(campaign, taskId);
  return (
    <section className="stack" style={{ gap: 6 }} aria-label={t("campaigns.files.ofTask")}>
      <h3 style={{ fontSize: 14, margin: 0 }}>{t("campaigns.files.ofTask")}</h3>
      {files.error && <Failure error={files.error} small />}
      {files.items.map((each) => (
        <div key={each.id} className="row" style={{ flexWrap: "nowrap" }}>
          <button type="button" className="clickable" onClick={() => take.mutate(each)}>
            {each.name}
          </button>
          <span className="figure" style={{ opacity: 0.85 }}>
            {words.size(each.size_bytes)}
          </span>
          {may && <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("campaigns.files.remove", { name: each.name })} onClick={() => remove.mutate(each.id)} />}
        </div>
      ))}
      <LoadMore list={files} />
      {may && (
        <Upload showUploadList={false} beforeUpload={(file) => (send.mutate(file), false)}>
          <Button icon={<UploadOutlined />} loading={send.isPending}>
            {t("campaigns.files.attach")}
          </Button>
        </Upload>
      )}
    </section>
  );
}
