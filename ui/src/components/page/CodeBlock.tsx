import { theme } from "antd";
import { CopyButton } from "./CopyButton";

/** A piece of code with a button that copies it. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const { token } = theme.useToken();
  return (
    <div style={{ position: "relative" }}>
      <pre
        // A region that scrolls is reached by keyboard.
        tabIndex={0}
        role="region"
        aria-label={label}
        style={{
          margin: 0,
          padding: "12px 84px 12px 14px",
          overflow: "auto",
          maxHeight: 420,
          fontSize: 12.5,
          lineHeight: 1.6,
          background: token.colorFillQuaternary,
          border: `1px solid ${token.colorBorderSecondary}`,
          borderRadius: token.borderRadius,
        }}
      >
        {code}
      </pre>
      <div style={{ position: "absolute", top: 8, right: 8 }}>
        <CopyButton text={code} label={label} wide />
      </div>
    </div>
  );
}
