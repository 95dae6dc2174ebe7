import { Background, type Connection, Controls, type Edge, MarkerType, type NodeChange, ReactFlow, ReactFlowProvider, useNodesInitialized, useNodesState, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type DragEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePreferences } from "@/app/preferences";
import { useFigures } from "@/results/figures";
import type { Definition, Figures, NodeKind, Problem } from "../common/types";
import { useSummary } from "../common/useSummary";
import { added, ENTRY, inOrder, joined, portsOf, without } from "./graph";
import { DRAGGED } from "./dragging";
import { beginning, boxesOf, positionsOf, WIDTH } from "./layout";
import { type CardNode, NodeCard } from "./NodeCard";
import "./canvas.css";

const TYPES = { card: NodeCard };

export interface CanvasProps {
  definition: Definition;
  label: string;
  selected?: string | null;
  select?: (id: string | null) => void;
  /** Left out: it is only looked at. */
  change?: (definition: Definition, field?: string) => void;
  figures?: Figures | null;
  problems?: ReadonlyMap<string, readonly Problem[]>;
  people?: (id: string) => void;
  height?: number | string;
}

/** The graph as a picture: nodes are put from the palette, moved, and joined by drawing from way to node. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ definition, label, selected = null, select, change, figures, problems, people, height = 560 }: CanvasProps) {
  const { t } = useTranslation();
  const { dark } = usePreferences();
  const { screenToFlowPosition } = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const drawn = useDrawn({ definition, figures, problems, people, selected, movable: change !== undefined });
  const [nodes, setNodes, onNodesChange] = useNodesState<CardNode>(drawn);
  // What React Flow has measured of a node is kept.
  useEffect(() => setNodes((held) => drawn.map((each) => ({ ...held.find((other) => other.id === each.id), ...each }))), [drawn, setNodes]);
  useFirstLook(frame);
  const edges = useEdges(definition, figures);
  const taken = (changes: NodeChange<CardNode>[]) => {
    const chosen = changes.find((each) => each.type === "select" && each.selected);
    if (chosen?.type === "select") select?.(chosen.id);
    onNodesChange(changes.filter((each) => each.type !== "select" && each.type !== "remove"));
    const moved = changes.filter((each) => each.type === "position" && each.dragging === false && each.position);
    // An arrow key moves without dragging, and says so at once.
    if (moved.length && change) change({ ...definition, layout: { ...definition.layout, ...Object.fromEntries(moved.flatMap((each) => (each.type === "position" && each.position ? [[each.id, [Math.round(each.position.x), Math.round(each.position.y)]]] : [])).filter(([id]) => id !== ENTRY)) } }, "moved");
  };
  const join = ({ source, sourceHandle, target }: Connection) => change?.(joined(definition, { node: source, port: sourceHandle ?? "next" }, target));
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(DRAGGED) as NodeKind;
    if (!kind || !change) return;
    event.preventDefault();
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const made = added(definition, kind, null, [Math.round(x - 20), Math.round(y - 20)]);
    change(made.definition);
    select?.(made.id);
  };
  return (
    <div ref={frame} className="journey-canvas" style={{ height }} role="region" aria-label={label} onDragOver={(event) => change && event.preventDefault()} onDrop={drop}>
      <ReactFlow<CardNode, Edge>
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        onNodesChange={taken}
        onConnect={join}
        isValidConnection={({ target }) => target !== ENTRY}
        onBeforeDelete={async ({ nodes: gone, edges: cut }) => {
          if (!change) return false;
          // Taking a node away takes its edges away, too: those are led on.
          if (gone.length) change(gone.reduce((held, each) => without(held, each.id), definition));
          else change(cut.reduce((held, each) => joined(held, { node: each.source, port: each.sourceHandle ?? "next" }, null), definition));
          if (gone.length) select?.(null);
          return false;
        }}
        onPaneClick={() => select?.(null)}
        nodesDraggable={change !== undefined}
        nodesConnectable={change !== undefined}
        edgesReconnectable={false}
        deleteKeyCode={change ? ["Delete", "Backspace"] : null}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        colorMode={dark ? "dark" : "light"}
        onInit={(flow) => void flow.setViewport(beginning(boxesOf(definition), frame.current?.clientWidth ?? 800, frame.current?.clientHeight ?? 500))}
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.15}
        ariaLabelConfig={{
          "node.a11yDescription.default": t("journeys.editor.nodeKeys"),
          "node.a11yDescription.keyboardDisabled": t("journeys.editor.nodeKeys"),
          "edge.a11yDescription.default": t("journeys.editor.edgeKeys"),
          "controls.ariaLabel": t("journeys.editor.view"),
          "controls.zoomIn.ariaLabel": t("journeys.editor.zoomIn"),
          "controls.zoomOut.ariaLabel": t("journeys.editor.zoomOut"),
          "controls.fitView.ariaLabel": t("journeys.editor.fit"),
        }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** Looks at it again once it is known how large the cards are. */
function useFirstLook(frame: RefObject<HTMLDivElement | null>) {
  const { getNodes, setViewport } = useReactFlow<CardNode>();
  const measured = useNodesInitialized();
  const looked = useRef(false);
  useEffect(() => {
    if (!measured || looked.current || !frame.current) return;
    looked.current = true;
    const boxes = getNodes().map(({ id, position, measured: size }) => ({ id, ...position, width: size?.width ?? WIDTH, height: size?.height ?? 0 }));
    void setViewport(beginning(boxes, frame.current.clientWidth, frame.current.clientHeight));
  }, [measured, frame, getNodes, setViewport]);
}

type Drawn = Pick<CanvasProps, "definition" | "figures" | "problems" | "people"> & { selected: string | null; movable: boolean };

/** The nodes as they are drawn, those first to which people come first. */
function useDrawn({ definition, figures, problems, people, selected, movable }: Drawn): CardNode[] {
  const { t, i18n } = useTranslation();
  const words = useSummary();
  const { compact } = useFigures();
  const faultsOf = (id: string) => (problems?.get(id) ?? []).map((each) => (i18n.language === "zh" ? each.zh : each.en));
  const places = positionsOf(definition);
  const at = (id: string) => ({ x: places[id]?.[0] ?? 0, y: places[id]?.[1] ?? 0 });
  const common = (id: string, name: string) => ({ id, type: "card" as const, position: at(id), selected: id === selected, ariaLabel: name });
  const entered = figures?.ways.get(`${ENTRY}:next`) ?? 0;
  const entry: CardNode = {
    ...common(ENTRY, t("journeys.kinds.entry")),
    draggable: false,
    deletable: false,
    data: {
      kind: "entry",
      title: t("journeys.kinds.entry"),
      summary: words.entry(definition),
      ports: [{ name: "next", label: t("journeys.ports.next") }],
      faults: faultsOf(ENTRY),
      inside: null,
      came: null,
      people: null,
    },
  };
  const rest = inOrder(definition).flatMap((id): CardNode[] => {
    const node = definition.nodes[id];
    if (!node) return [];
    const count = figures?.nodes.get(id);
    const title = words.title(definition, id);
    return [
      {
        ...common(id, title),
        draggable: movable,
        data: {
          kind: node.kind,
          title,
          summary: words.node(node),
          ports: portsOf(node).map(({ name }) => ({ name, label: words.port(node, name) })),
          faults: faultsOf(id),
          inside: figures ? compact(count?.inside ?? 0) : null,
          came: figures ? compact(count?.came ?? 0) : null,
          people: people && count?.inside ? () => people(id) : null,
        },
      },
    ];
  });
  const found = [entry, ...rest];
  // Cards are drawn again only when something in them is different.
  const text = JSON.stringify([found, entered]);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => found, [text]);
}

function useEdges(definition: Definition, figures: Figures | null | undefined): Edge[] {
  const { compact } = useFigures();
  const places = [{ node: ENTRY, port: "next", target: definition.start }, ...Object.entries(definition.nodes).flatMap(([node, held]) => portsOf(held).map(({ name, target }) => ({ node, port: name, target })))];
  return places.flatMap(({ node, port, target }): Edge[] => {
    if (!target || !(target in definition.nodes)) return [];
    const people = figures?.ways.get(`${node}:${port}`);
    return [
      {
        id: `${node}:${port}`,
        source: node,
        sourceHandle: port,
        target,
        markerEnd: { type: MarkerType.ArrowClosed },
        label: figures ? compact(people ?? 0) : undefined,
        className: people ? "walked" : undefined,
      },
    ];
  });
}
