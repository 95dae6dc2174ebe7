import { Empty as AntEmpty } from "antd";
import type { ReactNode } from "react";

/** Nothing is there yet: says why, and what to do next. */
export function Empty({ title, hint, action }: { title: string; hint?: string; action?: ReactNode }) {
  return (
    <AntEmpty
      image={AntEmpty.PRESENTED_IMAGE_SIMPLE}
      style={{ padding: 32 }}
      description={
        <div className="stack" style={{ gap: 4, alignItems: "center" }}>
          <strong>{title}</strong>
          {hint && <span>{hint}</span>}
        </div>
      }
    >
      {action}
    </AntEmpty>
  );
}
