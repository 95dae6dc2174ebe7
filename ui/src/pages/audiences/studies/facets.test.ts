import { describe, expect, it } from "vitest";
import { facetsOf } from "./facets";

describe("facets of a persona", () => {
  it("compares numbers in ranges, of profiles and of tags", () => {
    const kinds = facetsOf(
      [
        { ref: { scope: "person", name: "age" }, label: "age", type: "number" },
        { ref: { scope: "person", name: "city" }, label: "city", type: "text" },
        { ref: { scope: "tag", name: "score" }, label: "Score", type: "number" },
        { ref: { scope: "tag", name: "tier" }, label: "Tier", type: "tag" },
      ],
      { kind: "ever" },
    ).map(({ key, facet }) => [key, facet.kind]);
    expect(kinds.slice(0, 4)).toEqual([["person:age", "number"], ["person:city", "person"], ["tag:score", "number"], ["tag:tier", "person"]]);
  });
});
