import { Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, ApiError, taken } from "@/api/client";
import { Failure } from "@/components/Failure";
import { useAction } from "@/components/page";
import { useProject } from "@/session/session";
import { addressOf, placeOf } from "../shared/mending";
import type { Campaign, Verb } from "../shared/types";

/** Says what a change of state will do, takes a note, and shows what is in its way. */
export function VerbDialog({ campaign, verb, close }: { campaign: Campaign; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [note, setNote] = useState("");
  const [refused, refuse] = useState<ApiError | null>(null);
  const act = useAction(
    async () => {
      try {
        return await taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/do/{verb}", { params: { path: { project_id, campaign_id: campaign.id, verb } }, body: { note: note.trim() } }));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refuse(error);
        return null;
      }
    },
    { refresh: [["campaigns", project_id], ["campaign", project_id, campaign.id]], onDone: (answer) => answer && close() },
  );
  const effects = t(`campaigns.verbs.${verb}.does`, { returnObjects: true }) as unknown as string[];
  return (
    <Modal open title={t("campaigns.verbs.title", { verb: t(`campaigns.verbs.${verb}.name`), name: campaign.name })} onCancel={close} onOk={() => act.mutate()} okText={t(`campaigns.verbs.${verb}.name`)} okButtonProps={{ danger: verb === "finish" }} confirmLoading={act.isPending}>
      <div className="stack">
        <strong>{t("campaigns.verbs.will")}</strong>
        <ul className="verb-effect">
          {effects.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        <Input.TextArea aria-label={t("campaigns.verbs.note")} placeholder={t("campaigns.verbs.note")} value={note} maxLength={2000} autoSize={{ minRows: 1, maxRows: 5 }} onChange={(event) => setNote(event.target.value)} />
        {refused && (
          <div>
            <Failure small error={refused} />
            {refused.path && (
              <Link to={addressOf(project_id, campaign.id, placeOf(refused.path))} onClick={close}>
                {t("campaigns.preflight.mend")}
              </Link>
            )}
          </div>
        )}
      </div>
    </Modal>
  );
}
