import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef } from "react";
import { usePreferences } from "@/app/preferences";

export const COLORS = ["#3355ff", "#18b5a4", "#f2994a", "#9b51e0", "#eb5757", "#2d9cdb", "#6fcf97", "#f2c94c", "#bb6bd9", "#56607a", "#00a3a3", "#c0392b"];

export interface Picked {
  seriesIndex: number;
  dataIndex: number;
  name: string;
  data: unknown;
  dataType?: string;
}

interface Props {
  option: EChartsCoreOption;
  height: number | string;
  /** What the picture shows, for those who cannot see it. */
  label: string;
  onPick?: (picked: Picked) => void;
  /** Given the drawn chart, for a picture of it. */
  onReady?: (chart: EChartsType) => void;
}

/** A drawing by ECharts, which is fetched with the first one. */
export function Chart({ option, height, label, onPick, onReady }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ option, onPick, onReady });
  const { dark } = usePreferences();

  useEffect(() => {
    latest.current = { option, onPick, onReady };
  });

  useEffect(() => {
    let gone = false;
    let observer: ResizeObserver | null = null;
    void import("./echarts").then(({ core }) => {
      if (gone || !element.current) return;
      const drawn = core.init(element.current, dark ? "dark" : undefined);
      chart.current = drawn;
      drawn.setOption(themed(latest.current.option, dark));
      drawn.on("click", (picked) => latest.current.onPick?.(picked as unknown as Picked));
      latest.current.onReady?.(drawn);
      observer = new ResizeObserver(() => drawn.resize());
      observer.observe(element.current);
    });
    return () => {
      gone = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [dark]);

  useEffect(() => {
    chart.current?.setOption(themed(option, dark), { notMerge: true });
  }, [option, dark]);

  return <div ref={element} role="img" aria-label={label} style={{ height, width: "100%", cursor: onPick ? "pointer" : undefined }} />;
}

function themed(option: EChartsCoreOption, dark: boolean): EChartsCoreOption {
  return {
    color: COLORS,
    backgroundColor: "transparent",
    animationDuration: 250,
    textStyle: { fontFamily: "inherit", color: dark ? "#c7d0de" : "#333c4d" },
    ...option,
  };
}
