import { useTranslation } from "react-i18next";
import { KIND_ICONS } from "../common/icons";
import { type NodeKind, PALETTE } from "../common/types";
import { DRAGGED } from "./dragging";

/** Every kind of node, to be dragged onto the picture; a click puts it after the chosen node. */
export function Palette({ add }: { add: (kind: NodeKind) => void }) {
  const { t } = useTranslation();
  return (
    <nav className="journey-palette" aria-label={t("journeys.editor.palette")}>
      {Object.entries(PALETTE).map(([group, kinds]) => (
        <div key={group} role="group" aria-label={t(`journeys.groups.${group as "waiting"}`)}>
          <div className="journey-palette-group">{t(`journeys.groups.${group as "waiting"}`)}</div>
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              draggable
              className={`journey-palette-item is-${kind}`}
              title={t(`journeys.kindHints.${kind}`)}
              onClick={() => add(kind)}
              onDragStart={(event) => {
                event.dataTransfer.setData(DRAGGED, kind);
                event.dataTransfer.effectAllowed = "move";
              }}
            >
              <span className="journey-node-icon">{KIND_ICONS[kind]}</span>
              {t(`journeys.kinds.${kind}`)}
            </button>
          ))}
        </div>
      ))}
    </nav>
  );
}
