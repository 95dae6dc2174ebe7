import { Button, Card, Input, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, taken } from "@/api/client";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { DeleteOutlined, PlusOutlined } from "@/components/icons";
import { useAction } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useConfirm } from "@/pages/audiences/common/useConfirm";
import { useFigures } from "@/results/figures";
import { useMay, useProject } from "@/session/session";
import { useLayers } from "../common/queries";
import type { Layer } from "../common/types";

const SLOT_COLORS = ["#2747d9", "#0f7a6e", "#a04f06", "#7b36b8", "#b02a2a", "#1b6a9c", "#2d7a45", "#56607a"];

/** Who has which part of each layer: nobody is in two of its experiments. */
export function LayersCard() {
  const { t } = useTranslation();
  const layers = useLayers();
  const may = useMay("edit_insights");
  if (layers.isPending) return <Waiting />;
  if (layers.error) return <Failure error={layers.error} retry={() => void layers.refetch()} />;
  if (!layers.data.length) return <Empty title={t("experiments.layers.empty")} hint={t("experiments.layers.emptyHint")} action={may && <NewLayer />} />;
  return (
    <div className="stack" style={{ gap: 16 }}>
      {may && (
        <div>
          <NewLayer />
        </div>
      )}
      {layers.data.map((layer) => (
        <LayerPicture key={layer.id} layer={layer} />
      ))}
    </div>
  );
}

function LayerPicture({ layer }: { layer: Layer }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { id: project_id } = useProject();
  const may = useMay("edit_insights");
  const confirm = useConfirm();
  const remove = useAction(() => api.DELETE("/api/projects/{project_id}/experiment-layers/{layer_id}", { params: { path: { project_id, layer_id: layer.id } } }), { done: t("common.removed"), refresh: [["layers", project_id]] });
  const shown = layer.slots.filter((slot) => slot.start !== null && slot.end !== null);
  const waiting = layer.slots.filter((slot) => slot.start === null);
  return (
    <Card
      size="small"
      title={layer.name}
      extra={
        <span className="row">
          <span className="figure">
            {t("experiments.layers.taken", { percent: figures.percent(layer.taken / 100) })} · {t("experiments.layers.free", { percent: figures.percent(1 - layer.taken / 100) })}
          </span>
          {may && !layer.slots.length && <Button size="small" danger type="text" icon={<DeleteOutlined />} aria-label={t("common.confirmRemove", { name: layer.name })} onClick={() => void confirm(t("experiments.layers.remove", { name: layer.name }), () => remove.mutate())} />}
        </span>
      }
    >
      <div className="stack" style={{ gap: 8 }}>
        <div className="slots" role="group" aria-label={layer.name}>
          {shown.map((slot, place) => (
            <Link
              key={slot.experiment_id}
              to={`/p/${project_id}/experiments/${slot.experiment_id}`}
              title={slot.name}
              style={{ insetInlineStart: `${slot.start}%`, width: `${(slot.end ?? 0) - (slot.start ?? 0)}%`, background: SLOT_COLORS[place % SLOT_COLORS.length] }}
            >
              <span>{slot.name}</span>
              <span className="figure">
                {slot.start}–{slot.end}%
              </span>
            </Link>
          ))}
        </div>
        {waiting.length > 0 && (
          <span style={{ fontSize: 13 }}>
            {t("experiments.layers.waiting")}{" "}
            {waiting.map((slot, place) => (
              <span key={slot.experiment_id}>
                {place > 0 && " · "}
                <Link className="in-text" to={`/p/${project_id}/experiments/${slot.experiment_id}`}>{slot.name}</Link> ({t(`experiments.statuses.${slot.status}`)}, {slot.traffic}%)
              </span>
            ))}
          </span>
        )}
        {!layer.slots.length && <span style={{ fontSize: 13, opacity: 0.85 }}>{t("experiments.layers.none")}</span>}
      </div>
    </Card>
  );
}

export function NewLayer({ onMade }: { onMade?: (id: string) => void }) {
  const { t } = useTranslation();
  const { id: project_id } = useProject();
  const [name, setName] = useState("");
  const [open, setOpen] = useState(false);
  const make = useAction(() => taken(api.POST("/api/projects/{project_id}/experiment-layers", { params: { path: { project_id } }, body: { name: name.trim() } })), {
    done: t("experiments.layers.made"),
    refresh: [["layers", project_id]],
    onDone: (made) => {
      setOpen(false);
      setName("");
      onMade?.(made.id);
    },
  });
  const content = (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) make.mutate();
      }}
    >
      <Input aria-label={t("experiments.layers.name")} placeholder={t("experiments.layers.name")} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} style={{ width: 220 }} />
      <Button type="primary" htmlType="submit" loading={make.isPending} disabled={!name.trim()}>
        {t("common.create")}
      </Button>
    </form>
  );
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" content={content} placement="bottomLeft">
      <Button icon={<PlusOutlined />}>{t("experiments.layers.create")}</Button>
    </Popover>
  );
}
