import { useQuery } from "@tanstack/react-query";
import { Input, type InputRef, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { findPages, findThings, type Found } from "./everything";
import { useProject } from "@/session/session";
import "./palette.css";

/** Whether the palette is shown; ⌘K or Ctrl+K shows it anywhere. */
export function useCommandPalette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return { open, show: () => setOpen(true), hide: () => setOpen(false) };
}

/** Search over pages, insights, boards, metrics, events and people; arrows choose, Enter opens. */
export function CommandPalette({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useQuery({
    queryKey: ["everything", project.id, text],
    queryFn: () => findThings(project, text),
    enabled: open && text.trim() !== "",
  });
  const items = [...findPages(project, text, t), ...(found.data ?? [])];
  const go = (item: Found | undefined) => {
    if (!item) return;
    close();
    setText("");
    void navigate(item.address);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((place) => Math.min(place + 1, items.length - 1));
    else if (event.key === "ArrowUp") setAt((place) => Math.max(place - 1, 0));
    else if (event.key === "Enter") go(items[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      title={null}
      width={620}
      style={{ top: 90 }}
      aria-label={t("nav.search")}
      afterOpenChange={(shown) => shown && input.current?.focus()}
    >
      <Input
        ref={input}
        value={text}
        size="large"
        variant="borderless"
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        role="combobox"
        aria-expanded
        aria-controls="palette-results"
        aria-activedescendant={items[at] ? `palette-${at}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-results" role="listbox" aria-label={t("palette.results")} className="palette">
        {items.map((item, place) => (
          <li
            key={item.address + item.title}
            id={`palette-${place}`}
            role="option"
            aria-selected={place === at}
            className={place === at ? "chosen" : ""}
            onMouseEnter={() => setAt(place)}
            onClick={() => go(item)}
            onKeyDown={onKeyDown}
          >
            <span>{item.title}</span>
            <small>{t(`palette.kinds.${item.kind}`)}</small>
          </li>
        ))}
        {!found.isFetching && items.length === 0 && <li className="nothing">{t("palette.nothing")}</li>}
      </ul>
    </Modal>
  );
}
