import type { Language } from "@/i18n";
import type { Condition } from "@/pages/audiences/conditions/types";
import type { Definition } from "../common/types";

/** Common journeys to begin with; events and templates are chosen by whoever takes one. */
export const STARTS = ["blank", "welcome", "cart", "winBack", "birthday", "afterPurchase"] as const;
export type Start = (typeof STARTS)[number];

const WORDS = {
  zh: {
    greet: "欢迎消息", guide: "使用指引", first: "首单优惠", bought: "已下单", thanks: "感谢",
    wait: "等 2 小时", remind: "购物车提醒", coupon: "优惠提醒", paid: "已付款",
    miss: "想念您", back: "回来了吗", gift: "专属优惠", call: "电话回访",
    birthday: "生日祝福", points: "生日积分", review: "邀请评价", care: "使用关怀", again: "复购推荐", more: "再次购买",
    task: "电话回访流失用户",
  },
  en: {
    greet: "Welcome", guide: "How to begin", first: "First order offer", bought: "Has ordered", thanks: "Thanks",
    wait: "2 hours", remind: "Cart reminder", coupon: "Offer", paid: "Paid",
    miss: "We miss you", back: "Are they back?", gift: "Special offer", call: "Call",
    birthday: "Birthday wishes", points: "Birthday points", review: "Ask for a review", care: "How is it going?", again: "What goes with it", more: "Ordered again",
    task: "Call about coming back",
  },
} as const;

const did = (event: string): Condition => ({ kind: "did", event: { events: [event] }, window: { kind: "rolling", span: { count: 7, unit: "day" } }, figure: { kind: "count" }, compare: { operator: "gte", value: 1 } });
const send = (label: string, next: string | null = null) => ({ kind: "send" as const, label, channels: [], purpose: "marketing", next });

/** A journey to begin with, whose nodes are called in the reader's language. */
export function begun(start: Start, language: Language): Definition {
  const say = WORDS[language];
  switch (start) {
    case "blank":
      return { entry: { kind: "event", event: { events: [] } }, start: "", nodes: {} };
    case "welcome":
      return {
        entry: { kind: "event", event: { events: ["sign_up"] } },
        start: "greet",
        goal: { event: { events: ["buy"] }, within: { count: 14, unit: "day" }, leave: true },
        nodes: {
          greet: send(say.greet, "day"),
          day: { kind: "wait", span: { count: 1, unit: "day" }, next: "morning" },
          morning: { kind: "wait_until", at: "10:00", next: "guide" },
          guide: send(say.guide, "look"),
          look: { kind: "wait_for", event: { events: ["buy"] }, timeout: { count: 3, unit: "day" }, happened: "thanks", timed_out: "first" },
          thanks: send(say.thanks),
          first: send(say.first),
        },
      };
    case "cart":
      return {
        entry: { kind: "event", event: { events: ["add"] } },
        start: "look",
        reentry: { rule: "after_exit", pause: { count: 3, unit: "day" } },
        goal: { event: { events: ["buy"] }, within: { count: 3, unit: "day" }, leave: true },
        nodes: {
          look: { kind: "wait_for", label: say.wait, event: { events: ["buy"] }, timeout: { count: 2, unit: "hour" }, happened: "paid", timed_out: "remind" },
          paid: { kind: "exit", label: say.paid, reason: "paid" },
          remind: send(say.remind, "again"),
          again: { kind: "wait_for", event: { events: ["buy"] }, timeout: { count: 1, unit: "day" }, happened: "paid", timed_out: "coupon" },
          coupon: send(say.coupon),
        },
      };
    case "winBack":
      return {
        entry: { kind: "audience", leave: true },
        start: "miss",
        reentry: { rule: "after_exit", pause: { count: 90, unit: "day" } },
        goal: { event: { events: ["buy"] }, within: { count: 30, unit: "day" }, leave: true },
        nodes: {
          miss: send(say.miss, "rest"),
          rest: { kind: "wait", span: { count: 5, unit: "day" }, next: "back" },
          back: { kind: "branch", label: say.back, cases: [{ name: "active", label: say.bought, condition: did("view"), next: "came" }], otherwise: "gift" },
          came: { kind: "exit", reason: "back" },
          gift: send(say.gift, "week"),
          week: { kind: "wait", span: { count: 1, unit: "week" }, next: "call" },
          call: { kind: "task", label: say.call, title: say.task, due: { count: 3, unit: "day" } },
        },
      };
    case "birthday":
      return {
        entry: { kind: "schedule", cron: "0 9 * * *" },
        start: "morning",
        reentry: { rule: "after_exit", pause: { count: 300, unit: "day" } },
        nodes: {
          morning: { kind: "wait_until", at: "09:30", next: "wishes" },
          wishes: send(say.birthday, "points"),
          points: { kind: "give", label: say.points, reward: "points", quantity: 100 },
        },
      };
    case "afterPurchase":
      return {
        entry: { kind: "event", event: { events: ["buy"] } },
        start: "thanks",
        reentry: { rule: "after_exit", pause: { count: 30, unit: "day" } },
        goal: { event: { events: ["buy"] }, within: { count: 30, unit: "day" }, leave: false },
        nodes: {
          thanks: send(say.thanks, "days"),
          days: { kind: "wait", span: { count: 5, unit: "day" }, next: "care" },
          care: send(say.care, "look"),
          look: { kind: "wait_for", event: { events: ["buy"] }, timeout: { count: 2, unit: "week" }, happened: "more", timed_out: "again" },
          more: { kind: "exit", label: say.more, reason: "bought_again" },
          again: send(say.again),
        },
      };
  }
}
