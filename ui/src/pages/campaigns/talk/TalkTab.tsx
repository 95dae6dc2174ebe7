import { Button, Card, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { LoadMore, Moment, useAction, usePages } from "@/components/page";
import { useMay, useMe, useProject } from "@/session/session";
import type { Activity, Campaign, Comment } from "../shared/types";

/** What was said about a campaign, and what was done to it. */
export function TalkTab({ campaign }: { campaign: Campaign }) {
  return (
    <div className="two-columns">
      <Comments campaign={campaign} />
      <ActivityLog campaign={campaign} />
    </div>
  );
}

function Comments({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const [text, setText] = useState("");
  const path = { project_id, campaign_id: campaign.id };
  const key = ["campaign", project_id, campaign.id, "comments"];
  const comments = usePages(key, (cursor) => taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/comments", { params: { path, query: { cursor, limit: 50 } } })));
  const add = useAction(() => taken(api.POST("/api/projects/{project_id}/campaigns/{campaign_id}/comments", { params: { path }, body: { text: text.trim() } })), { refresh: [["campaign", project_id, campaign.id]], onDone: () => setText("") });
  return (
    <Card size="small" title={t("campaigns.talk.comments")}>
      <div className="stack">
        {may && (
          <>
            <Input.TextArea aria-label={t("campaigns.talk.say")} placeholder={t("campaigns.talk.say")} maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} value={text} onChange={(event) => setText(event.target.value)} />
            <div>
              <Button type="primary" disabled={!text.trim()} loading={add.isPending} onClick={() => add.mutate()}>
                {t("campaigns.talk.send")}
              </Button>
            </div>
          </>
        )}
        {comments.error && <Failure small error={comments.error} retry={() => void comments.refetch()} />}
        {!comments.isPending && !comments.error && comments.items.length === 0 && <Empty title={t("campaigns.talk.noComments")} />}
        <ul className="activity-list">
          {comments.items.map((each) => (
            <One key={each.id} campaign={campaign} comment={each} />
          ))}
        </ul>
        <LoadMore list={comments} />
      </div>
    </Card>
  );
}

/** A comment; its author may put it otherwise or take it back. */
function One({ campaign, comment }: { campaign: Campaign; comment: Comment }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const { member } = useMe();
  const [text, setText] = useState<string | null>(null);
  const path = { project_id, campaign_id: campaign.id, comment_id: comment.id };
  const refresh = [["campaign", project_id, campaign.id]];
  const change = useAction(() => taken(api.PATCH("/api/projects/{project_id}/campaigns/{campaign_id}/comments/{comment_id}", { params: { path }, body: { text: (text ?? "").trim() } })), { refresh, onDone: () => setText(null) });
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/campaigns/{campaign_id}/comments/{comment_id}", { params: { path } }), { refresh });
  return (
    <li>
      <div className="row">
        <strong>{comment.author.name}</strong> <Moment at={comment.created_at} /> {comment.edited_at && <small>{t("campaigns.talk.edited")}</small>}
        {comment.author.id === member.id && text === null && (
          <>
            <Button type="link" size="small" onClick={() => setText(comment.text)}>
              {t("common.edit")}
            </Button>
            <Button type="link" size="small" danger onClick={() => remove.mutate()}>
              {t("common.remove")}
            </Button>
          </>
        )}
      </div>
      {text === null ? (
        <div className="comment-text">{comment.text}</div>
      ) : (
        <div className="stack" style={{ gap: 6 }}>
          <Input.TextArea aria-label={t("common.edit")} maxLength={2000} autoSize value={text} onChange={(event) => setText(event.target.value)} />
          <div className="row">
            <Button size="small" type="primary" disabled={!text.trim()} loading={change.isPending} onClick={() => change.mutate()}>
              {t("common.save")}
            </Button>
            <Button size="small" onClick={() => setText(null)}>
              {t("common.cancel")}
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}

function ActivityLog({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const activity = usePages(["campaign", project_id, campaign.id, "activity", campaign.revision, campaign.status], (cursor) =>
    taken(api.GET("/api/projects/{project_id}/campaigns/{campaign_id}/activity", { params: { path: { project_id, campaign_id: campaign.id }, query: { cursor, limit: 50 } } })),
  );
  return (
    <Card size="small" title={t("campaigns.talk.activity")}>
      {activity.error && <Failure small error={activity.error} retry={() => void activity.refetch()} />}
      <ul className="activity-list">
        {activity.items.map((each) => (
          <li key={each.id}>
            <div className="row">
              <strong>{each.actor.kind === "system" ? t("campaigns.talk.bihuan") : each.actor.name}</strong>
              <span>{t(`campaigns.acts.${each.action as "created"}`, { defaultValue: each.action })}</span>
              <Moment at={each.at} />
            </div>
            <Details of={each} />
          </li>
        ))}
      </ul>
      <LoadMore list={activity} />
    </Card>
  );
}

/** What of the details says something to a reader. */
function Details({ of }: { of: Activity }) {
  const { t } = useTranslation();
  const { details } = of;
  const said: string[] = [];
  for (const name of ["note", "task", "name", "file", "label", "owner"]) {
    const value = details[name];
    if (typeof value === "string" && value) said.push(value);
  }
  const plan = details.plan;
  if (plan && typeof plan === "object") said.push(Object.keys(plan).map((name) => t(`campaigns.planParts.${name as "goal"}`, { defaultValue: name })).join(", "));
  return said.length ? <div className="comment-text">{said.join(" · ")}</div> : null;
}
