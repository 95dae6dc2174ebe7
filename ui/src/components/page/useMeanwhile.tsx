import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";

interface Revised {
  revision: number;
}

interface Options<Row> {
  /** What is kept now. */
  latest: () => Promise<Row>;
  /** Goes on with what somebody else saved, instead of what was written here. */
  take: (theirs: Row) => void;
}

type Choice = "theirs" | "mine" | null;

/**
 * Saves what somebody else may have saved meanwhile: then it is asked whose is to be kept.
 *
 * What is given back is called with the revision that the change started from and with what saves it; null: nothing was
 * saved, and what was written is still there, or was given up for theirs.
 */
export function useMeanwhile<Row extends Revised>({ latest, take }: Options<Row>) {
  const ask = useChoice();
  return async <Saved,>(read: number, save: (revision: number) => Promise<Saved>): Promise<Saved | null> => {
    for (let revision = read; ; ) {
      try {
        return await save(revision);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "changed_meanwhile") throw error;
        const theirs = await latest();
        const choice = await ask(error.message);
        if (choice === "theirs") take(theirs);
        if (choice !== "mine") return null;
        // Only what is known of is saved over: if it was changed again, it is asked again.
        revision = theirs.revision;
      }
    }
  };
}

function useChoice(): (said: string) => Promise<Choice> {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (said) =>
    new Promise((decide) => {
      const asked = modal.confirm({
        title: said,
        content: t("unsaved.meanwhileHint"),
        width: 560,
        onCancel: () => decide(null),
        footer: () => (
          <div className="row" style={{ justifyContent: "flex-end", marginTop: 16 }}>
            {([null, "theirs", "mine"] as const).map((choice) => (
              <Button
                key={choice}
                type={choice === null ? "primary" : "default"}
                onClick={() => {
                  decide(choice);
                  asked.destroy();
                }}
              >
                {t(`unsaved.${choice ?? "goOn"}`)}
              </Button>
            ))}
          </div>
        ),
      });
    });
}
