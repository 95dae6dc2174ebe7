export interface Words {
  close: string;
  inbox: string;
  unread: (count: number) => string;
  none: string;
  remove: (title: string) => string;
  open: string;
  message: string;
  image: string;
}

const EN: Words = {
  close: "Close",
  inbox: "Messages",
  unread: (count) => `Messages, ${count} unread`,
  none: "No messages",
  remove: (title) => `Remove: ${title}`,
  open: "Open",
  message: "Message",
  image: "",
};

const ZH: Words = {
  close: "关闭",
  inbox: "消息",
  unread: (count) => `消息，${count} 条未读`,
  none: "没有消息",
  remove: (title) => `移除：${title}`,
  open: "查看",
  message: "消息",
  image: "",
};

/** The words of a language; of the page's, or the browser's, if none is wanted. */
export function wordsOf(wanted: unknown): Words {
  const language = typeof wanted === "string" && wanted ? wanted : document.documentElement.lang || navigator.language;
  return /^zh/i.test(language) ? ZH : EN;
}
