import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/session/session";
import { VerbDialog } from "../one/VerbDialog";
import { type Campaign, type Status, STATUSES, type Verb } from "../shared/types";
import { BoardCard } from "./BoardCard";
import type { ListProps } from "./CampaignTable";
import { movesOf } from "./moves";

interface Asked {
  campaign: Campaign;
  verb: Verb;
}

/** Campaigns in columns by state; a card is moved to another by dragging it there, or by its menu. */
export function Board({ campaigns, sizes }: ListProps) {
  const { t } = useTranslation();
  const may = useMay("edit_insights");
  const [dragged, drag] = useState<Campaign | null>(null);
  const [asked, ask] = useState<Asked | null>(null);
  const verbTo = (status: Status) => dragged && movesOf(dragged).find((move) => move.to === status)?.verb;
  const drop = (status: Status) => {
    const verb = verbTo(status);
    if (dragged && verb) ask({ campaign: dragged, verb });
    drag(null);
  };
  const marked = (status: Status) => (!dragged || dragged.status === status ? "" : verbTo(status) ? " taking" : " refusing");
  return (
    <div className="campaign-board" role="region" aria-label={t("campaigns.views.board")} tabIndex={0}>
      {STATUSES.map((status) => {
        const mine = campaigns.filter((each) => each.status === status);
        return (
          <section key={status} className={`board-column${marked(status)}`} aria-label={t(`campaigns.statuses.${status}`)} onDragOver={(event) => verbTo(status) && event.preventDefault()} onDrop={() => drop(status)}>
            <h2>
              <span>{t(`campaigns.statuses.${status}`)}</span>
              <span className="figure" style={{ opacity: 0.8 }}>
                {mine.length}
              </span>
            </h2>
            {marked(status) && <small>{t(verbTo(status) ? "campaigns.board.take" : "campaigns.board.refuse")}</small>}
            {mine.map((each) => (
              <BoardCard key={each.id} campaign={each} size={sizes[each.id]} moves={may ? movesOf(each) : []} drag={drag} ask={(verb) => ask({ campaign: each, verb })} />
            ))}
          </section>
        );
      })}
      {asked && <VerbDialog campaign={asked.campaign} verb={asked.verb} close={() => ask(null)} />}
    </div>
  );
}
