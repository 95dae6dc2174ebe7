import { Button, Card, Timeline } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/Failure";
import { Mark, Moment } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { RhythmMark } from "./Marks";
import { useVersions } from "./queries";
import type { Version } from "./types";

interface Props {
  subjectId: string;
  current: number;
  show: (definition: NonNullable<Version["definition"]>) => ReactNode;
  restore?: (version: Version) => void;
  /** Has a version stand beside the current one. */
  compare?: (version: Version) => void;
}

/** What a definition was, the newest first; what changed from one to the next stands in it. */
export function Versions({ subjectId, current, show, restore, compare }: Props) {
  const { t } = useTranslation();
  const versions = useVersions(subjectId);
  const list = versions.data ?? [];
  const content = list.map((version, place) => {
    const before = list[place + 1];
    const same = before !== undefined && JSON.stringify(before.definition) === JSON.stringify(version.definition);
    return (
      <div key={version.version} className="stack" style={{ gap: 6 }}>
        <div className="row between">
          <span className="row" style={{ gap: 6 }}>
            <strong>{t("audiences.one.version", { count: version.version })}</strong>
            {version.version === current && <Mark tone="good">{t("audiences.one.current")}</Mark>}
            <RhythmMark refresh={version.refresh} />
          </span>
          {version.version !== current && version.definition && (
            <span className="row" style={{ gap: 6 }}>
              {compare && (
                <Button size="small" onClick={() => compare(version)}>
                  {t("audiences.one.compareWith")}
                </Button>
              )}
              {restore && (
                <Button size="small" onClick={() => restore(version)}>
                  {t("audiences.one.restore")}
                </Button>
              )}
            </span>
          )}
        </div>
        <span style={{ fontSize: 13, opacity: 0.85 }}>
          {version.created_by.name} · <Moment at={version.created_at} />
        </span>
        {same ? <span>{t("audiences.one.same")}</span> : version.definition && show(version.definition)}
      </div>
    );
  });
  return (
    <Card size="small" title={t("audiences.one.versions")}>
      {versions.isPending && <Waiting />}
      {versions.error && <Failure error={versions.error} small />}
      <Timeline style={{ marginTop: 8 }} items={content.map((each) => ({ content: each }))} />
    </Card>
  );
}
