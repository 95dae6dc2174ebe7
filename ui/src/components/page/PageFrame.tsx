import type { ReactNode } from "react";

interface Props {
  title: string;
  hint?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
}

/** A page's heading, what can be done on the whole page, and the page. */
export function PageFrame({ title, hint, extra, children }: Props) {
  return (
    <div className="stack" style={{ padding: "16px 20px 32px", gap: 16, maxWidth: 1680 }}>
      <div className="row between" style={{ alignItems: "flex-start" }}>
        <div className="stack" style={{ gap: 2 }}>
          <h1 style={{ fontSize: 20, margin: 0 }}>{title}</h1>
          {hint && <div style={{ opacity: typeof hint === "string" ? 0.8 : undefined }}>{hint}</div>}
        </div>
        {extra && <div className="row">{extra}</div>}
      </div>
      {children}
    </div>
  );
}
