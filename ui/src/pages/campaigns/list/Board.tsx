import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "@/session/session";
import { LeverMark } from "../shared/Marks";
import { STATUSES } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { DateWords, GoalWords, type ListProps } from "./CampaignTable";

/** Campaigns in columns by state. */
export function Board({ campaigns, sizes }: ListProps) {
  const { t } = useTranslation();
  const project = useProject();
  const figures = useCampaignFigures();
  return (
    <div className="campaign-board" role="region" aria-label={t("campaigns.views.board")} tabIndex={0}>
      {STATUSES.map((status) => {
        const mine = campaigns.filter((each) => each.status === status);
        return (
          <section key={status} className="board-column" aria-label={t(`campaigns.statuses.${status}`)}>
            <h2>
              <span>{t(`campaigns.statuses.${status}`)}</span>
              <span className="figure" style={{ opacity: 0.8 }}>
                {mine.length}
              </span>
            </h2>
            {mine.map((each) => (
              <Card key={each.id} size="small">
                <div className="board-card">
                  <Link to={`/p/${project.id}/campaigns/${each.id}`}>{each.name}</Link>
                  <span>
                    <LeverMark lever={each.lever} />
                    {sizes[each.id] !== undefined && t("campaigns.count", { people: figures.number(sizes[each.id]) })}
                  </span>
                  <GoalWords campaign={each} />
                  <DateWords campaign={each} />
                  {each.owner_name && <span>{each.owner_name}</span>}
                </div>
              </Card>
            ))}
          </section>
        );
      })}
    </div>
  );
}
