import { useEffect, useRef } from "react";

interface Props {
  html: string;
  /** What is shown, for screen readers. */
  title: string;
  width?: number | string;
  height: number;
}

/** A mail as a mail program shows it: in a frame of its own, without scripts and without this site's origin. */
export function MailFrame({ html, title, width = "100%", height }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    // The frame says when it can take something; until then nothing is sent.
    const tell = () => frame.current?.contentWindow?.postMessage(html, "*");
    const listen = (told: MessageEvent) => {
      if (told.source === frame.current?.contentWindow && told.data === "mail-frame") tell();
    };
    addEventListener("message", listen);
    tell();
    return () => removeEventListener("message", listen);
  }, [html]);
  return <iframe ref={frame} title={title} src="/mail-frame" sandbox="allow-scripts" style={{ width, height, border: "none", background: "#fff", display: "block" }} />;
}
