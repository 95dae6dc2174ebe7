import { DatePicker } from "antd";
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { useProject } from "@/session/session";

dayjs.extend(utc);
dayjs.extend(timezone);
const WALL = "YYYY-MM-DDTHH:mm";

/** A moment as the clocks of a zone show it, without a zone of its own. */
export function wallOf(moment: string, zone: string): string {
  return dayjs.utc(moment).tz(zone).format(WALL);
}

/** The moment at which the clocks of a zone show this. */
export function momentOf(wall: string, zone: string): string {
  return dayjs.tz(wall, zone).toISOString();
}

interface Props {
  id?: string;
  value: string | null | undefined;
  onChange: (moment: string | null) => void;
  label?: string;
}

/** A day and a time on the project's clock. */
export function MomentPicker({ id, value, onChange, label }: Props) {
  const { time_zone } = useProject();
  return (
    <DatePicker
      id={id}
      aria-label={label}
      showTime={{ format: "HH:mm", minuteStep: 5 }}
      format="YYYY-MM-DD HH:mm"
      style={{ width: 190 }}
      value={value ? dayjs(wallOf(value, time_zone)) : null}
      onChange={(day) => onChange(day ? momentOf(day.format(WALL), time_zone) : null)}
    />
  );
}
