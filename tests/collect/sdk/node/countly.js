// Arguments: base URL, write key. Sends a session, events, user details and a merge of device ids.
const http = require("http");
const [, , base, key] = process.argv;
const prefix = new URL(base).pathname.replace(/\/$/, "");
const BEAT_MS = 20;
const QUIET_BEATS = 15;
const MOST_BEATS = 3000;

// The SDK has no callback for an empty queue: it sends one request each interval while there is one. So its
// requests are watched, and its queue is empty when none was begun or open for some intervals.
let begun = 0;
let open = 0;
const request = http.request;
http.request = (...given) => {
  begun += 1;
  open += 1;
  return request(...given).once("close", () => {
    open -= 1;
  });
};
async function sent() {
  const before = begun;
  let last = begun;
  for (let beat = 0, quiet = 0; beat < MOST_BEATS; beat += 1) {
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    quiet = begun === last && open === 0 ? quiet + 1 : 0;
    last = begun;
    if (quiet >= QUIET_BEATS && begun > before) return;
  }
  throw new Error(`the SDK was not done: ${begun} requests begun, ${open} open`);
}

const Countly = require("countly-sdk-nodejs");

Countly.init({
  app_key: key,
  device_id: "device-1",
  // The SDK keeps host and port of the address and loses its path: http_options puts it back.
  url: new URL(base).origin,
  http_options: (options) => {
    options.path = prefix + options.path;
  },
  app_version: "2.3",
  storage_type: Countly.StorageTypes.MEMORY,
  interval: BEAT_MS,
  max_events: 10,
  metrics: { _os: "HarmonyOS", _os_version: "5.0", _device: "Mate 60", _resolution: "1216x2688", _locale: "zh-CN" },
});
Countly.begin_session(true);
Countly.track_view("home");
Countly.add_event({ key: "purchase", count: 1, sum: 19.5, dur: 12, segmentation: { currency: "cny", order_id: "o-1" } });
Countly.add_event({ key: "share", count: 3, segmentation: { to: "朋友圈" } });
Countly.user_details({ name: "王芳", email: "wf@example.com", custom: { plan: "pro" } });
Countly.userData.increment("logins");
Countly.userData.set_once("first_channel", "weixin");
Countly.userData.push_unique("interests", "tea");
Countly.userData.save();
// Events still queued when the id changes would go out under the new one.
sent()
  .then(() => {
    Countly.change_id("user-1", true);
    Countly.add_event({ key: "after_login" });
    return sent();
  })
  .then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
