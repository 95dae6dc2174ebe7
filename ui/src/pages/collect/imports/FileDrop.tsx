import { InboxOutlined } from "@/components/icons";
import { Button, Progress, Upload } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction, useWording } from "@/components/page";
import { useProject } from "@/session/session";
import { Stopped, upload } from "./uploading";

/** Takes a file and sends it. */
export function FileDrop({ uploaded }: { uploaded: (uploadId: string) => void }) {
  const { t } = useTranslation();
  const project = useProject();
  const words = useWording();
  const [share, setShare] = useState(0);
  const stop = useRef<(() => void) | null>(null);
  const send = useAction(
    async (file: File) => {
      const sending = upload(project.id, file, setShare);
      stop.current = sending.stop;
      try {
        return await sending.done;
      } catch (error) {
        if (error instanceof Stopped) return null;
        throw error;
      }
    },
    { onDone: (answer) => answer && uploaded(answer.id) },
  );
  if (send.isPending) {
    const { name, size } = send.variables;
    return (
      <div className="stack" role="status">
        <span>
          {t("collect.imports.uploading", { name })} · {words.size(size * share)} / {words.size(size)}
        </span>
        <Progress percent={Math.floor(share * 100)} aria-label={t("collect.imports.uploading", { name })} />
        <div>
          <Button onClick={() => stop.current?.()}>{t("common.cancel")}</Button>
        </div>
      </div>
    );
  }
  return (
    <Upload.Dragger
      showUploadList={false}
      beforeUpload={(file) => {
        setShare(0);
        send.mutate(file);
        return false;
      }}
    >
      <InboxOutlined style={{ fontSize: 36, opacity: 0.6 }} />
      <p style={{ margin: "8px 0 4px", fontSize: 15 }}>{t("collect.imports.drop")}</p>
      <p style={{ margin: 0, opacity: 0.8 }}>{t("collect.imports.dropHint")}</p>
    </Upload.Dragger>
  );
}
