import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { Failure } from "@/components/Failure";
import { PageFrame, useUrlState } from "@/components/page";
import { Waiting } from "@/components/Waiting";
import { useMay } from "@/session/session";
import { useExperiments } from "../common/queries";
import type { Experiment } from "../common/types";
import { CodeCard } from "./CodeCard";
import { FlagForm } from "./FlagForm";
import { freshDefinition, freshVariants, textOf, type Written } from "./making";
import { useFlag } from "./queries";
import { TryCard } from "./TryCard";
import { type Definition, type Flag, PRODUCTION } from "./types";
import "../experiments.css";

export interface Begun {
  key: string;
  name: string;
  description: string;
  definition: Definition;
  variants: Written[];
}

/** A flag: its rules, a try, and the code that asks for it; or a new one. */
export function FlagPage() {
  const { t } = useTranslation();
  const { flagKey } = useParams();
  const may = useMay("edit_insights");
  const wanted = useUrlState().get("experiment");
  const flag = useFlag(flagKey);
  const experiments = useExperiments();
  if (flagKey === undefined) {
    if (experiments.isPending) return <Waiting />;
    return <FlagForm key="new" begun={begunFor(experiments.data?.find((each) => each.id === wanted))} experiments={experiments.data ?? []} />;
  }
  if (flag.error) return <Failure error={flag.error} retry={() => void flag.refetch()} />;
  if (!flag.data || experiments.isPending) return <Waiting />;
  const aside = (
    <>
      <TryCard flag={flag.data} />
      <CodeCard flag={flag.data} />
    </>
  );
  if (!may) {
    return (
      <PageFrame title={t("flags.editTitle", { key: flagKey })} hint={flag.data.description}>
        <div className="stack">{aside}</div>
      </PageFrame>
    );
  }
  return <FlagForm key={`${flagKey}-${flag.data.version}`} begun={begunWith(flag.data)} flag={flag.data} experiments={experiments.data ?? []} aside={aside} />;
}

function begunWith(flag: Flag): Begun {
  const { key, name, description, definition } = flag;
  return { key, name, description, definition, variants: Object.entries(definition.variants).map(([variant, value]) => ({ name: variant, text: textOf(definition.kind, value) })) };
}

/** A new flag; for an experiment one with its variants, that shows it to everybody. */
function begunFor(experiment: Experiment | undefined): Begun {
  if (!experiment) return { key: "", name: "", description: "", definition: freshDefinition(), variants: freshVariants("boolean") };
  const names = experiment.plan.variants.map((each) => each.key);
  const environments = { [PRODUCTION]: { enabled: true, default: experiment.plan.control, rules: [{ name: experiment.name.slice(0, 200), condition: null, serve: { kind: "experiment" as const, experiment_id: experiment.id } }] } };
  return { key: "", name: experiment.name, description: "", definition: { kind: "string", variants: {}, off: experiment.plan.control, environments }, variants: names.map((name) => ({ name, text: name })) };
}
