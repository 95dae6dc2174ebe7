import type { Report } from "../shared/types";
import { useKeyFigures } from "./keyFigures";

export function KeyFigures({ report }: { report: Report }) {
  return (
    <dl className="report-figures" style={{ margin: 0 }}>
      {useKeyFigures(report).map((each) => (
        <div key={each.name}>
          <dt>{each.name}</dt>
          <dd>
            <strong>{each.value}</strong>
            <small>{each.more}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
