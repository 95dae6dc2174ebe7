import { expect, it } from "vitest";
import { dayIn, noonIn } from "./zones";

it("noon of a day is of that day in every zone", () => {
  for (const zone of ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"]) {
    for (const day of ["2024-03-10", "2024-11-03", "2024-12-31", "2024-02-29"]) expect(dayIn(zone, noonIn(zone, day))).toBe(day);
  }
  expect(noonIn("Asia/Shanghai", "2024-05-01").toISOString()).toBe("2024-05-01T04:00:00.000Z");
});
