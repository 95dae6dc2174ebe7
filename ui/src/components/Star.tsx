import { StarFilled, StarOutlined } from "@/components/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useAction } from "./page/useAction";

interface Props {
  /** Of what is starred. */
  name: string;
  starred: boolean;
  /** Tells the server. */
  set: (starred: boolean) => Promise<unknown>;
  /** Beginnings of the keys of what shows the star. */
  refresh: readonly (readonly unknown[])[];
}

/** A star to give or take back; it turns at once. */
export function Star({ name, starred, set, refresh }: Props) {
  const { t } = useTranslation();
  const toggle = useAction(() => set(!starred), { refresh });
  const on = toggle.isPending ? !starred : starred;
  const label = `${t(on ? "insights.unstar" : "insights.star")}: ${name}`;
  return <Button type="text" size="small" aria-label={label} aria-pressed={on} icon={on ? <StarFilled style={{ color: "#f2b01e" }} /> : <StarOutlined />} onClick={() => toggle.mutate()} />;
}
