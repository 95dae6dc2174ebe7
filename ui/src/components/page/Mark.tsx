import { Tag } from "antd";
import type { ReactNode } from "react";
import { usePreferences } from "@/app/preferences";

export type Tone = "good" | "busy" | "care" | "bad" | "quiet";

// Background and letters that can be told apart by everybody.
const LIGHT: Record<Tone, [string, string]> = {
  good: ["#e6f6ea", "#166534"],
  busy: ["#e8edff", "#1d3fd1"],
  care: ["#fff1df", "#8a4204"],
  bad: ["#fdecec", "#b42318"],
  quiet: ["#eef1f6", "#3f4a5c"],
};
const DARK: Record<Tone, [string, string]> = {
  good: ["#12301d", "#7ee2a0"],
  busy: ["#1a2450", "#a9bbff"],
  care: ["#3a2609", "#f5bd78"],
  bad: ["#43191a", "#ffa8a1"],
  quiet: ["#272e3b", "#c2cad8"],
};

/** A state in a word, in a colour that says how it is. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { dark } = usePreferences();
  const [background, color] = (dark ? DARK : LIGHT)[tone];
  return <Tag style={{ background, color, borderColor: "transparent", marginInlineEnd: 4 }}>{children}</Tag>;
}
