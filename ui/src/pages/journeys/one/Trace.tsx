import { Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Moment, spanText } from "@/components/page";
import { KIND_ICONS } from "../common/icons";
import type { Journey, JourneyNode, Passage } from "../common/types";
import { useSummary } from "../common/useSummary";
import { portsOf } from "../editor/graph";
import { reasonText } from "./PassageTable";

type Told = Pick<Passage, "entered_ms" | "left_ms" | "moves"> & Partial<Pick<Passage, "node" | "state" | "reason">>;

/** A person's way: each node, how long, and by which way it was left. */
export function Trace({ journey, passage }: { journey: Pick<Journey, "draft">; passage: Told }) {
  const { t, i18n } = useTranslation();
  const words = useSummary();
  const title = (id: string) => words.title(journey.draft, id);
  // Who leaves early leaves by a way that is called as the reason.
  const wayText = (node: JourneyNode | undefined, port: string) => (node && portsOf(node).some((each) => each.name === port) ? words.port(node, port) : reasonText(port, t));
  const moves = passage.moves.map((move, place) => ({ ...move, since: passage.moves[place - 1]?.at_ms ?? passage.entered_ms }));
  const items = [
    { key: "in", content: line(t("journeys.people.cameIn"), passage.entered_ms) },
    ...moves.map((move, place) => {
      const node = journey.draft.nodes[move.node];
      const stayed = move.at_ms - move.since;
      return {
        key: String(place),
        icon: KIND_ICONS[node?.kind ?? "exit"],
        content: line(
          <>
            <strong>{title(move.node)}</strong> → {wayText(node, move.port)}
            {stayed >= 1_000 && <small> · {t("journeys.people.stayed", { span: spanText(stayed, i18n.language) })}</small>}
          </>,
          move.at_ms,
        ),
      };
    }),
    passage.left_ms === null
      ? { key: "now", content: passage.node ? t("journeys.people.isAt", { name: title(passage.node) }) : t("journeys.people.isInside") }
      : { key: "out", content: line(t("journeys.people.wentOut", { reason: reasonText(passage.reason ?? null, t) }), passage.left_ms) },
  ];
  return <Timeline style={{ marginTop: 8 }} items={items} />;
}

function line(text: React.ReactNode, at: number) {
  return (
    <div className="row between" style={{ maxWidth: 720 }}>
      <span>{text}</span>
      <Moment at={at} seconds />
    </div>
  );
}
