import { Button, Card, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "@/session/session";
import { LeverMark } from "../shared/Marks";
import type { Campaign, Verb } from "../shared/types";
import { useCampaignFigures } from "../shared/words";
import { DateWords, GoalWords } from "./CampaignTable";
import type { Move } from "./moves";

interface Props {
  campaign: Campaign;
  size: number | undefined;
  moves: Move[];
  drag: (campaign: Campaign | null) => void;
  ask: (verb: Verb) => void;
}

/** A campaign on the board. */
export function BoardCard({ campaign, size, moves, drag, ask }: Props) {
  const { t } = useTranslation();
  const project = useProject();
  const figures = useCampaignFigures();
  const movable = moves.length > 0;
  const items = moves.map(({ verb, to }) => ({ key: verb, label: t("campaigns.board.move", { status: t(`campaigns.statuses.${to}`), verb: t(`campaigns.verbs.${verb}.name`) }), onClick: () => ask(verb) }));
  const begin = (event: React.DragEvent) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", campaign.name);
    drag(campaign);
  };
  return (
    <Card size="small" draggable={movable} className={movable ? "movable" : undefined} onDragStart={begin} onDragEnd={() => drag(null)}>
      <div className="board-card">
        <span className="row between" style={{ flexWrap: "nowrap", alignItems: "start" }}>
          <Link draggable={false} to={`/p/${project.id}/campaigns/${campaign.id}`}>
            {campaign.name}
          </Link>
          {movable && (
            <Dropdown trigger={["click"]} menu={{ items }}>
              <Button size="small" type="text" aria-label={t("campaigns.board.moveTo", { name: campaign.name })} title={t("campaigns.board.moveTo", { name: campaign.name })}>
                ⋯
              </Button>
            </Dropdown>
          )}
        </span>
        <span>
          <LeverMark lever={campaign.lever} />
          {size !== undefined && t("campaigns.count", { count: size, people: figures.number(size) })}
        </span>
        <GoalWords campaign={campaign} />
        <DateWords campaign={campaign} />
        {campaign.owner_name && <span>{campaign.owner_name}</span>}
      </div>
    </Card>
  );
}
