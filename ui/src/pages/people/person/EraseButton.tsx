import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";

/** Erases a person after their id has been typed. */
export function EraseButton({ reference, name }: { reference: string; name: string }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const erase = useAction(
    () => taken(api.DELETE("/api/projects/{project_id}/person", { params: { path: { project_id: project.id }, query: { person: reference } } })),
    { done: t("people.person.erased"), refresh: [["people", project.id]], onDone: () => void navigate(`/p/${project.id}/people`) },
  );
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t("people.person.erase")}
      </Button>
      <Modal
        open={open}
        destroyOnHidden
        title={t("people.person.eraseTitle")}
        okText={t("people.person.erase")}
        okButtonProps={{ danger: true, disabled: typed.trim() !== name, loading: erase.isPending }}
        onOk={() => erase.mutate()}
        onCancel={() => setOpen(false)}
        afterClose={() => setTyped("")}
      >
        <div className="stack">
          <span>{t("people.person.eraseHint", { id: name })}</span>
          <Input autoFocus value={typed} aria-label={t("people.person.eraseTitle")} onChange={(event) => setTyped(event.target.value)} />
        </div>
      </Modal>
    </>
  );
}
