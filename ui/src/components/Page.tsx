import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  intro?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its heading. */
export function Page({ title, intro, actions, children }: Props) {
  return (
    <div className="stack" style={{ padding: "20px 24px", gap: 16 }}>
      <div className="row between">
        <div>
          <h1 style={{ fontSize: 20, margin: 0 }}>{title}</h1>
          {intro && <div style={{ opacity: 0.8, marginTop: 4 }}>{intro}</div>}
        </div>
        <div className="row">{actions}</div>
      </div>
      {children}
    </div>
  );
}
