import type { ReactNode } from "react";

/** Something to fill in below its name; the parts have labels of their own. */
export function Labelled({ name, hint, children }: { name: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="labelled" role="group" aria-label={name}>
      <span>{name}</span>
      <div className="row">{children}</div>
      {hint && <span style={{ fontSize: 12.5, opacity: 0.82 }}>{hint}</span>}
    </div>
  );
}
