import { DeleteOutlined, PushpinOutlined } from "@/components/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Input, Popover } from "antd";
import dayjs from "dayjs";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, taken } from "@/api/client";
import { useAction } from "@/components/page/useAction";
import { dayIn, noonIn } from "@/query/zones";
import type { Note } from "@/results/types";
import { useMay, useProject } from "@/session/session";

function useAnnotations() {
  const { id: project_id } = useProject();
  return useQuery({
    queryKey: ["annotations", project_id],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/annotations", { params: { path: { project_id }, query: { limit: 200 } } })),
  });
}

/** What happened on which day, for lines in charts. */
export function useNotes(): Note[] {
  const found = useAnnotations();
  const { time_zone } = useProject();
  return useMemo(() => (found.data?.items ?? []).map((each) => ({ day: dayIn(time_zone, each.time), text: each.text })), [found.data, time_zone]);
}

/** The project's notes on days, to add to and take from. */
export function Notes() {
  const { t } = useTranslation();
  const { id: project_id, time_zone } = useProject();
  const mayEdit = useMay("edit_insights");
  const found = useAnnotations();
  const [day, setDay] = useState(dayjs());
  const [text, setText] = useState("");
  const refresh = [["annotations", project_id]];
  const noted = { time: noonIn(time_zone, day.format("YYYY-MM-DD")).toISOString(), text };
  const add = useAction(() => taken(api.POST("/api/projects/{project_id}/annotations", { params: { path: { project_id } }, body: noted as never })), { refresh, onDone: () => setText("") });
  const remove = useAction((annotation_id: string) => api.DELETE("/api/projects/{project_id}/annotations/{annotation_id}", { params: { path: { project_id, annotation_id } } }), { refresh });
  const content = (
    <div className="stack" style={{ width: 360 }}>
      {(found.data?.items ?? []).map((each) => (
        <div key={each.id} className="row between" style={{ flexWrap: "nowrap" }}>
          <span>
            <span className="figure">{dayIn(time_zone, each.time)}</span> {each.text}
          </span>
          {mayEdit && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t("common.remove")}: ${each.text}`} onClick={() => remove.mutate(each.id)} />}
        </div>
      ))}
      {found.data?.items.length === 0 && <span>{t("insights.noNotes")}</span>}
      {mayEdit && (
        <form
          className="row"
          style={{ flexWrap: "nowrap" }}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <DatePicker aria-label={t("insights.noteDay")} allowClear={false} value={day} onChange={(next) => next && setDay(next)} style={{ width: 130 }} />
          <Input aria-label={t("insights.note")} placeholder={t("insights.note")} value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
          <Button type="primary" htmlType="submit" disabled={!text.trim()} loading={add.isPending}>
            {t("common.add")}
          </Button>
        </form>
      )}
    </div>
  );
  return (
    <Popover trigger="click" content={content} placement="bottomRight">
      <Button icon={<PushpinOutlined />}>{t("insights.notes")}</Button>
    </Popover>
  );
}
