import { App } from "antd";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Location, useBlocker } from "react-router";

const otherPage = (from: Location, to: Location) => from.pathname !== to.pathname;

/**
 * Asks before what is not saved is left: for another page, or by closing the tab.
 *
 * @param away which moves leave it; another page if left out.
 * @returns what lets the next move away go without a question.
 */
export function useLeaving(unsaved: boolean, away: (from: Location, to: Location) => boolean = otherPage): () => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const free = useRef(false);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && !free.current && away(currentLocation, nextLocation));
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    void modal.confirm({ title: t("unsaved.leave"), okText: t("unsaved.leaveYes"), okButtonProps: { danger: true }, cancelText: t("unsaved.leaveNo"), onOk: () => blocker.proceed(), onCancel: () => blocker.reset() });
  }, [blocker, modal, t]);
  useEffect(() => {
    if (!unsaved) return;
    const stay = (event: BeforeUnloadEvent) => {
      if (!free.current) event.preventDefault();
    };
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  }, [unsaved]);
  return useCallback(() => {
    free.current = true;
  }, []);
}
