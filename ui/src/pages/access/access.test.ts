import { describe, expect, it } from "vitest";
import { stateOf } from "@/components/keys/KeyTable";
import { browserOf } from "./account/browsers";
import { changesOf } from "./audit/changed";
import { changeOf, enteredOf } from "./settings/settings";

const project = { id: "shop", name: "Shop", time_zone: "Asia/Shanghai", first_weekday: 1, session_gap_seconds: 1_830, currency: "CNY", settings: {}, created_at: "2026-01-01T00:00:00Z" };

describe("changeOf", () => {
  it("sends only what differs", () => {
    expect(changeOf(project, enteredOf(project))).toEqual({});
    const study = { ...project, settings: { embed: ["a"] } };
    expect(changeOf(study, { ...enteredOf(study), as_of: "2017-12-31T23:59:59-05:00" })).toEqual({ settings: { embed: ["a"], as_of: "2017-12-31T23:59:59-05:00" } });
    expect(changeOf(project, { ...enteredOf(project), name: " Shop 2 ", session_gap_minutes: 15 })).toEqual({ name: "Shop 2", session_gap_seconds: 900 });
  });
});

describe("changesOf", () => {
  it("has what differs, and what is on one side only", () => {
    expect(changesOf({ role: "viewer", name: "Li", scopes: ["view"] }, { role: "analyst", name: "Li", scopes: ["view"], extra: 1 })).toEqual([
      { name: "extra", before: undefined, after: 1 },
      { name: "role", before: "viewer", after: "analyst" },
    ]);
    expect(changesOf(null, null)).toEqual([]);
  });
});

describe("browserOf", () => {
  it("names browser and system", () => {
    expect(browserOf("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge · Windows");
    expect(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1")).toBe("Safari · iOS");
    expect(browserOf("curl/8.0")).toBe("curl/8.0");
  });
});

describe("stateOf", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  it("says whether a key may still be used", () => {
    expect(stateOf({ revoked_at: null, expires_at: null }, now)).toBe("valid");
    expect(stateOf({ revoked_at: null, expires_at: "2026-05-31T23:59:59Z" }, now)).toBe("expired");
    expect(stateOf({ revoked_at: "2026-01-01T00:00:00Z", expires_at: "2026-05-31T23:59:59Z" }, now)).toBe("revoked");
  });
});
