import type { Kind } from "./types";

interface Snippet {
  name: string;
  code: (host: string, key: string, kind: Kind) => string;
}

const PYTHON: Record<Kind, string> = { boolean: "get_boolean_value", string: "get_string_value", number: "get_float_value", object: "get_object_value" };
const SCRIPT: Record<Kind, string> = { boolean: "getBooleanValue", string: "getStringValue", number: "getNumberValue", object: "getObjectValue" };
const JAVA: Record<Kind, string> = { boolean: "getBooleanValue", string: "getStringValue", number: "getDoubleValue", object: "getObjectValue" };
const FALLBACK: Record<Kind, string> = { boolean: "false", string: '"control"', number: "0", object: "{}" };
const python = (kind: Kind) => (kind === "boolean" ? "False" : FALLBACK[kind]);

/** Clients of OpenFeature that ask by its remote evaluation protocol (OFREP). */
export const SNIPPETS: readonly Snippet[] = [
  {
    name: "Web",
    code: (host, key, kind) => `import { OpenFeature } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

await OpenFeature.setContext({ targetingKey: bihuan.anonymousId() });
await OpenFeature.setProviderAndWait(new OFREPWebProvider({
  baseUrl: "${host}",
  headersFactory: () => [["Authorization", "Bearer WRITE_KEY"]],
}));
const details = OpenFeature.getClient().${SCRIPT[kind].replace("Value", "Details")}("${key}", ${FALLBACK[kind]});
// Of an experiment: say that its variant is shown.
if (details.flagMetadata.experimentId) {
  bihuan.track("$experiment_exposed", {
    $experiment_id: details.flagMetadata.experimentId,
    $variant: details.variant,
  });
}`,
  },
  {
    name: "Node.js",
    code: (host, key, kind) => `import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

await OpenFeature.setProviderAndWait(new OFREPProvider({
  baseUrl: "${host}",
  headersFactory: () => [["Authorization", "Bearer WRITE_KEY"]],
}));
const value = await OpenFeature.getClient().${SCRIPT[kind]}("${key}", ${FALLBACK[kind]}, { targetingKey: "user-1" });`,
  },
  {
    name: "Python",
    code: (host, key, kind) => `from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

api.set_provider(OFREPProvider(
    "${host}", headers_factory=lambda: {"Authorization": "Bearer WRITE_KEY"}
))
value = api.get_client().${PYTHON[kind]}("${key}", ${python(kind)}, EvaluationContext("user-1"))`,
  },
  {
    name: "Go",
    code: (host, key, kind) => `provider := ofrep.NewProvider("${host}", ofrep.WithBearerToken("WRITE_KEY"))
openfeature.SetProviderAndWait(provider)
client := openfeature.NewClient("app")
value, err := client.${{ boolean: "BooleanValue", string: "StringValue", number: "FloatValue", object: "ObjectValue" }[kind]}(
    ctx, "${key}", ${kind === "object" ? "nil" : FALLBACK[kind]}, openfeature.NewEvaluationContext("user-1", nil))`,
  },
  {
    name: "Java",
    code: (host, key, kind) => `OfrepProvider provider = OfrepProvider.constructProvider(OfrepProviderOptions.builder()
    .baseUrl("${host}")
    .headers(ImmutableMap.of("Authorization", ImmutableList.of("Bearer WRITE_KEY")))
    .build());
OpenFeatureAPI.getInstance().setProviderAndWait(provider);
var value = OpenFeatureAPI.getInstance().getClient()
    .${JAVA[kind]}("${key}", ${kind === "object" ? "new Value()" : kind === "number" ? "0.0" : FALLBACK[kind]}, new ImmutableContext("user-1"));`,
  },
  {
    name: "curl",
    code: (host, key) => `curl -X POST ${host}/ofrep/v1/evaluate/flags/${key} \\
  -H 'Authorization: Bearer WRITE_KEY' \\
  -H 'content-type: application/json' \\
  -d '{"context": {"targetingKey": "user-1"}}'`,
  },
];
