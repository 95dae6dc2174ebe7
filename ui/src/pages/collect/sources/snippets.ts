export type Where = "curl" | "script" | "browser" | "server" | "http";

export interface Snippet {
  where: Where;
  code: (host: string, key: string) => string;
}

export interface Sdk {
  key: string;
  /** Name of the protocol, as sources have it; null: the native API. */
  protocol: string | null;
  title: string;
  snippets: Snippet[];
}

const PROPERTIES = `{"plan": "pro", "amount": 99}`;

export const CURL: Sdk = {
  key: "curl",
  protocol: null,
  title: "curl / HTTP",
  snippets: [
    {
      where: "curl",
      code: (host, key) =>
        `curl ${host}/v1/track -u ${key}: \\\n  -H 'content-type: application/json' \\\n  -d '{"userId": "user-1", "event": "signed_up", "properties": ${PROPERTIES}}'`,
    },
  ],
};

const OWN_SCRIPT: Sdk = {
  key: "bihuan",
  protocol: null,
  title: "bihuan.js",
  snippets: [
    {
      where: "script",
      code: (host, key) => `<script async src="${host}/bihuan.js" data-key="${key}"></script>
<script>
  window.bihuan = window.bihuan || [];
  bihuan.push(["track", "signed_up", ${PROPERTIES}]);
  bihuan.push(["identify", "user-1", { name: "Li Lei" }]);
</script>`,
    },
  ],
};

const SEGMENT: Sdk = {
  key: "segment",
  protocol: "segment",
  title: "Segment",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "${key}", host: "${host}" });
analytics.track({ userId: "user-1", event: "signed_up", properties: ${PROPERTIES} });`,
    },
    {
      where: "server",
      code: (host, key) => `import segment.analytics as analytics

analytics.write_key = "${key}"
analytics.host = "${host}"
analytics.track("user-1", "signed_up", ${PROPERTIES})
analytics.flush()`,
    },
  ],
};

const RUDDERSTACK: Sdk = {
  key: "rudderstack",
  protocol: "rudderstack",
  title: "RudderStack",
  snippets: [
    {
      where: "server",
      code: (host, key) => `import rudderstack.analytics as analytics

analytics.write_key = "${key}"
analytics.dataPlaneUrl = "${host}/in/rudderstack"
analytics.track("user-1", "signed_up", ${PROPERTIES})
analytics.flush()`,
    },
  ],
};

const POSTHOG: Sdk = {
  key: "posthog",
  protocol: "posthog",
  title: "PostHog",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import posthog from "posthog-js";

posthog.init("${key}", { api_host: "${host}/in/posthog" });
posthog.capture("signed_up", ${PROPERTIES});`,
    },
    {
      where: "server",
      code: (host, key) => `from posthog import Posthog

posthog = Posthog("${key}", host="${host}/in/posthog")
posthog.capture("signed_up", distinct_id="user-1", properties=${PROPERTIES})
posthog.shutdown()`,
    },
  ],
};

const SENSORS: Sdk = {
  key: "sensors",
  protocol: "sensors",
  title: "神策 Sensors",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import sensors from "sa-sdk-javascript";

sensors.init({
  server_url: "${host}/in/sensors/sa?project=default&token=${key}",
  is_track_single_page: true,
  use_client_time: true,
});
sensors.quick("autoTrack");
sensors.track("signed_up", ${PROPERTIES});`,
    },
    {
      where: "server",
      code: (host, key) => `import sensorsanalytics

consumer = sensorsanalytics.BatchConsumer("${host}/in/sensors/sa?project=default&token=${key}")
sa = sensorsanalytics.SensorsAnalytics(consumer)
sa.track("user-1", "signed_up", ${PROPERTIES}, is_login_id=True)
sa.close()`,
    },
  ],
};

const UMAMI: Sdk = {
  key: "umami",
  protocol: "umami",
  title: "Umami",
  snippets: [
    {
      where: "script",
      code: (host, key) => `<script defer src="https://YOUR-UMAMI/script.js"
  data-website-id="${key}"
  data-host-url="${host}/in/umami"></script>`,
    },
  ],
};

const AMPLITUDE: Sdk = {
  key: "amplitude",
  protocol: "amplitude",
  title: "Amplitude",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import * as amplitude from "@amplitude/analytics-browser";

amplitude.init("${key}", { serverUrl: "${host}/in/amplitude/2/httpapi" });
amplitude.track("signed_up", ${PROPERTIES});`,
    },
    {
      where: "http",
      code: (host, key) =>
        `curl ${host}/in/amplitude/2/httpapi \\\n  -H 'content-type: application/json' \\\n  -d '{"api_key": "${key}", "events": [{"user_id": "user-1", "event_type": "signed_up", "event_properties": ${PROPERTIES}}]}'`,
    },
  ],
};

const MIXPANEL: Sdk = {
  key: "mixpanel",
  protocol: "mixpanel",
  title: "Mixpanel",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import mixpanel from "mixpanel-browser";

mixpanel.init("${key}", { api_host: "${host}/in/mixpanel" });
mixpanel.track("signed_up", ${PROPERTIES});`,
    },
  ],
};

const MATOMO: Sdk = {
  key: "matomo",
  protocol: "matomo",
  title: "Matomo",
  snippets: [
    {
      where: "script",
      code: (host, key) => `<script>
  var _paq = (window._paq = window._paq || []);
  _paq.push(["trackPageView"]);
  _paq.push(["enableLinkTracking"]);
  _paq.push(["setTrackerUrl", "${host}/in/matomo/${key}/matomo.php"]);
  _paq.push(["setSiteId", "1"]);
</script>
<script async src="https://YOUR-MATOMO/matomo.js"></script>`,
    },
  ],
};

const COUNTLY: Sdk = {
  key: "countly",
  protocol: "countly",
  title: "Countly",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import Countly from "countly-sdk-web";

Countly.init({ app_key: "${key}", url: "${host}/in/countly" });
Countly.track_sessions();
Countly.add_event({ key: "signed_up", segmentation: ${PROPERTIES} });`,
    },
  ],
};

const SNOWPLOW: Sdk = {
  key: "snowplow",
  protocol: "snowplow",
  title: "Snowplow",
  snippets: [
    {
      where: "browser",
      code: (host, key) => `import { newTracker, trackPageView } from "@snowplow/browser-tracker";

newTracker("sp", "${host}/in/snowplow", { appId: "${key}" });
trackPageView();`,
    },
  ],
};

const GA4: Sdk = {
  key: "ga4",
  protocol: "ga4",
  title: "GA4",
  snippets: [
    {
      where: "http",
      code: (host, key) =>
        `curl '${host}/in/ga4/mp/collect?api_secret=${key}&measurement_id=G-XXXXXXX' \\\n  -H 'content-type: application/json' \\\n  -d '{"client_id": "device-1", "user_id": "user-1", "events": [{"name": "signed_up", "params": ${PROPERTIES}}]}'`,
    },
  ],
};

const PLAUSIBLE: Sdk = {
  key: "plausible",
  protocol: "plausible",
  title: "Plausible",
  snippets: [
    {
      where: "script",
      code: (host, key) => `<script defer src="https://YOUR-PLAUSIBLE/js/script.js"
  data-domain="${key}"
  data-api="${host}/in/plausible/api/event"></script>`,
    },
  ],
};

/** How each SDK is pointed at this server. */
export const SDKS: readonly Sdk[] = [CURL, OWN_SCRIPT, SEGMENT, RUDDERSTACK, POSTHOG, SENSORS, UMAMI, AMPLITUDE, MIXPANEL, MATOMO, COUNTLY, SNOWPLOW, GA4, PLAUSIBLE];

/** A key with its middle hidden. */
export function masked(key: string): string {
  return key.length <= 8 ? "••••" : `${key.slice(0, 4)}••••••••${key.slice(-4)}`;
}
