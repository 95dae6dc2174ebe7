import { Card, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/components/page";
import { useVersions } from "../queries";
import type { Version } from "../types";
import { aligned, type Line, type Pair } from "./align";

interface Props {
  subjectId: string;
  linesOf: (definition: NonNullable<Version["definition"]>) => Line[];
}

/** Two versions of a definition side by side, chosen in the address. */
export function VersionCompare({ subjectId, linesOf }: Props) {
  const { t } = useTranslation();
  const url = useUrlState();
  const versions = useVersions(subjectId);
  const list = (versions.data ?? []).filter((each) => each.definition !== null);
  const chosen = (name: string, otherwise: Version | undefined) => list.find((each) => String(each.version) === url.get(name)) ?? otherwise;
  const [before, after] = [chosen("before", list[1]), chosen("after", list[0])];
  const pairs = before?.definition && after?.definition ? aligned(linesOf(before.definition), linesOf(after.definition)) : [];
  if (list.length < 2 || !before || !after) return null;
  const options = list.map(({ version }) => ({ value: String(version), label: t("audiences.one.version", { count: version }) }));
  const choice = (name: "before" | "after", version: Version, label: string) => <Select aria-label={label} size="small" style={{ minWidth: 130 }} value={String(version.version)} options={options} onChange={(value: string) => url.change({ [name]: value })} />;
  return (
    <Card size="small" title={t("audiences.one.compare")} id="compare">
      <table className="compared">
        <thead>
          <tr>
            <th scope="col">{choice("before", before, t("audiences.one.compareBefore"))}</th>
            <th scope="col">{choice("after", after, t("audiences.one.compareAfter"))}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, place) => (
            <Row key={place} pair={pair} />
          ))}
        </tbody>
      </table>
      {pairs.every((pair) => pair.change === "same") && <p style={{ margin: "8px 0 0", opacity: 0.85 }}>{t("audiences.one.comparedSame")}</p>}
    </Card>
  );
}

function Row({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  const cell = (line: Line | null, side: "before" | "after") => (
    <td className={line && pair.change !== "same" ? side : undefined} style={line ? { paddingInlineStart: 10 + line.depth * 20 } : undefined}>
      {line && pair.change !== "same" && <span className="sr-only">{t(`audiences.one.changes.${pair.change}`)}: </span>}
      {line?.text}
    </td>
  );
  return (
    <tr>
      {cell(pair.before, "before")}
      {cell(pair.after, "after")}
    </tr>
  );
}
