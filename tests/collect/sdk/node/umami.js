// Arguments: base URL, write key. Sends a page view, an event and an identify.
const [, , base, key] = process.argv;
const { Umami } = require("@umami/node");

const client = new Umami({ websiteId: key, hostUrl: base });

async function check(sending) {
  const answer = await (await sending).json();
  if (!answer.cache || !answer.sessionId || !answer.visitId) {
    throw new Error(JSON.stringify(answer));
  }
}

(async () => {
  await check(client.track({ hostname: "shop.example.com", url: "/goods", title: "商品", referrer: "" }));
  await check(client.track("favourite", { sku: "sku-1", price: 9.5 }));
  await check(client.identify({ plan: "pro" }));
})();
