import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePreferences } from "@/app/preferences";
import { Failure } from "@/components/Failure";
import { Waiting } from "@/components/Waiting";
import { Chart } from "./Chart";
import { type Figures, useFigures } from "./figures";
import type { Atlas } from "./regions/atlas";
import { scaleOfValues } from "./regions/scale";

export interface RegionRow {
  /** As the log has it. */
  value: string | null;
  amount: number | null;
  onClick?: () => void;
}

interface Placed {
  code: string;
  rows: RegionRow[];
  amount: number;
}

/** Rows by the region that they name, and those that name none that is drawn. */
export function placed(rows: readonly RegionRow[], atlas: Pick<Atlas, "codeOf" | "drawn">): { regions: Placed[]; elsewhere: RegionRow[] } {
  const regions = new Map<string, Placed>();
  const elsewhere: RegionRow[] = [];
  for (const row of rows) {
    const code = row.value === null ? null : atlas.codeOf(row.value);
    if (code === null || !atlas.drawn.has(code)) {
      elsewhere.push(row);
      continue;
    }
    const region = regions.get(code) ?? { code, rows: [], amount: 0 };
    regions.set(code, { code, rows: [...region.rows, row], amount: region.amount + (row.amount ?? 0) });
  }
  return { regions: [...regions.values()], elsewhere };
}

/** A map of countries or of the provinces of China, where a region's colour is its amount. */
export function MapView({ rows, title, height }: { rows: readonly RegionRow[]; title: string; height: number }) {
  const { t, i18n } = useTranslation();
  const figures = useFigures();
  const { dark } = usePreferences();
  const scale = scaleOfValues(rows.map((row) => row.value));
  const atlases = useQuery({ queryKey: ["atlases"], queryFn: async () => (await import("./regions/atlas")).ATLASES, staleTime: Infinity, gcTime: Infinity });
  const atlas = atlases.data?.[scale];
  const found = useMemo(() => atlas && placed(rows, atlas), [rows, atlas]);
  const option = useMemo(() => atlas && found && mapOption(atlas, found.regions, { title, figures, dark, language: i18n.language }), [atlas, found, title, figures, dark, i18n.language]);
  if (atlases.error) return <Failure small error={atlases.error} retry={() => void atlases.refetch()} />;
  if (!option || !found || !atlas) return <Waiting height={height} />;
  const names = (code: string) => atlas.nameOf(code, i18n.language);
  const pick = (code: string) => mostOf(found.regions.find((region) => region.code === code)?.rows ?? [])?.onClick?.();
  const left = found.elsewhere.filter((row) => row.amount);
  return (
    <div className="stack">
      <Chart
        option={option}
        height={height}
        label={`${t("insights.charts.map")} · ${title}: ${found.regions.map(({ code, amount }) => `${names(code)} ${figures.number(amount)}`).join(", ")}`}
        onPick={rows.some((row) => row.onClick) ? ({ name }) => pick(name) : undefined}
      />
      {left.length > 0 && (
        <small className="figure">
          {t("insights.notOnMap")} {left.map((row) => `${row.value ?? t("common.none")} ${figures.number(row.amount)}`).join(" · ")}
        </small>
      )}
    </div>
  );
}

function mostOf(rows: readonly RegionRow[]): RegionRow | undefined {
  return [...rows].sort((one, other) => (other.amount ?? 0) - (one.amount ?? 0))[0];
}

interface Look {
  title: string;
  figures: Figures;
  dark: boolean;
  language: string;
}

/** The map as ECharts draws it. */
export function mapOption(atlas: Atlas, regions: readonly Placed[], { title, figures, dark, language }: Look) {
  const most = Math.max(1, ...regions.map((region) => region.amount));
  const land = dark ? "#2a3140" : "#e8ecf3";
  const letters = dark ? "#e5eaf3" : "#1f2733";
  const shown = (code: string) => atlas.nameOf(code, language);
  return {
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: ({ name, value }: { name: string; value: number }) => `${shown(name)}<br/><b>${figures.number(Number.isNaN(value) ? null : value)}</b>`,
    },
    visualMap: {
      type: "continuous",
      min: 0,
      max: most,
      left: 8,
      bottom: 8,
      itemHeight: 90,
      text: [figures.compact(most), "0"],
      textStyle: { color: letters },
      inRange: { color: dark ? ["#27345f", "#4a66e8"] : ["#dbe3ff", "#3355ff"] },
    },
    series: [
      {
        type: "map",
        ...atlas.series,
        name: title,
        roam: false,
        selectedMode: false,
        top: 8,
        bottom: 8,
        itemStyle: { areaColor: land, borderColor: dark ? "#141922" : "#ffffff", borderWidth: 0.6 },
        label: { show: true, color: letters, fontSize: 11, formatter: ({ name }: { name: string }) => atlas.labelOf(name, language) },
        emphasis: { label: { show: true, color: letters, formatter: ({ name }: { name: string }) => shown(name) }, itemStyle: { areaColor: "#f2b01e" } },
        // On the darkest of the light colours only white letters can be read.
        data: regions.map(({ code, amount }) => ({ name: code, value: amount, label: { color: dark || amount > 0.8 * most ? "#ffffff" : letters } })),
      },
    ],
  };
}
