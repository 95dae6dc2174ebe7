// Arguments: base URL, write key. Sends single requests and a bulk one.
const [, , base, key] = process.argv;
const MatomoTracker = require("matomo-tracker");

const tracker = new MatomoTracker(key, `${base}/matomo.php`);
tracker.on("error", (error) => {
  console.error("tracking failed:", error);
  process.exitCode = 1;
});
tracker.track({
  url: "https://shop.example.com/goods?utm_source=baidu&utm_medium=cpc",
  action_name: "商品",
  urlref: "https://www.baidu.com/s?wd=tea",
  _id: "0123456789abcdef",
  res: "1366x768",
  lang: "zh-CN",
  cdt: "2026-01-02 03:04:05",
  cvar: JSON.stringify({ 1: ["plan", "pro"] }),
});
tracker.track({
  url: "https://shop.example.com/goods",
  _id: "0123456789abcdef",
  uid: "user-1",
  e_c: "goods",
  e_a: "favourite",
  e_n: "green tea",
  e_v: 2,
});
tracker.trackBulk(
  [
    {
      url: "https://shop.example.com/pay",
      uid: "user-1",
      idgoal: 0,
      ec_id: "o-1",
      revenue: 20.5,
      ec_tx: 1.5,
      ec_items: JSON.stringify([["sku-1", "green tea", "tea", 9.5, 2]]),
    },
    { url: "https://shop.example.com/search", uid: "user-1", search: "oolong", search_count: 3 },
  ],
  (answer) => {
    if (JSON.parse(answer).tracked !== 2) {
      console.error("bulk answer:", answer);
      process.exitCode = 1;
    }
  },
);
