import { describe, expect, it } from "vitest";
import { movesOf } from "./moves";

describe("movesOf", () => {
  it("leads where the verbs lead", () => {
    expect(movesOf({ status: "review", actions: ["withdraw", "schedule", "start"] }).map((move) => move.to)).toEqual(["draft", "scheduled", "running"]);
  });
  it("leads nowhere where a verb changes no state", () => {
    expect(movesOf({ status: "evaluated", actions: ["evaluate"] })).toEqual([]);
  });
});
