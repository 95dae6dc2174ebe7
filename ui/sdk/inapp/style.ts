const STYLE = `
:host{all:initial;--b:#fff;--t:#1d2433;--m:#56607a;--l:#dfe3ec;--a:#2747d9;--at:#fff;--s:0 8px 32px rgb(16 24 40/.22);
font:15px/1.5 -apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif;color:var(--t)}
:host([data-theme=dark]){--b:#1b2130;--t:#e8ecf4;--m:#aab4c6;--l:#364054;--a:#9db2ff;--at:#10162a}
@media (prefers-color-scheme:dark){:host([data-theme=auto]){--b:#1b2130;--t:#e8ecf4;--m:#aab4c6;--l:#364054;--a:#9db2ff;--at:#10162a}}
*{box-sizing:border-box}
.box{background:var(--b);color:var(--t);border:1px solid var(--l);border-radius:12px;box-shadow:var(--s)}
.banner{position:fixed;z-index:2147483000;left:50%;bottom:16px;transform:translateX(-50%);width:min(640px,calc(100vw - 24px));display:flex;gap:14px;align-items:center;padding:14px 16px}
.text{flex:1;min-width:0;overflow-wrap:anywhere}
.title{font-weight:650;margin:0;font-size:16px}
.body{margin:2px 0 0;white-space:pre-line;color:var(--m)}
img{display:block;max-width:100%;border-radius:8px}
.banner img{width:56px;height:56px;object-fit:cover}
.button{font:inherit;font-weight:600;display:inline-block;text-decoration:none;border:0;cursor:pointer;background:var(--a);color:var(--at);border-radius:8px;padding:8px 16px;white-space:nowrap}
.plain{font:inherit;border:0;background:none;color:var(--m);cursor:pointer;border-radius:8px;width:36px;height:36px;display:grid;place-items:center;flex:none}
.plain:hover{background:var(--l)}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
dialog,.dialog{position:fixed;inset:0;margin:auto;width:min(460px,calc(100vw - 32px));height:fit-content;max-height:calc(100vh - 48px);overflow:auto;padding:24px;z-index:2147483001}
dialog::backdrop{background:rgb(10 14 24/.55)}
.dialog .plain{position:absolute;top:10px;right:10px}
.dialog .title{font-size:20px;padding-right:34px}
.dialog .body{margin:8px 0 0}
.dialog img{width:100%;margin:0 0 16px}
.acts{margin-top:20px;display:flex;gap:10px}
.inbox{position:relative;display:inline-block}
.bell{position:relative;color:inherit;color:var(--t)}
.count{position:absolute;top:0;right:-2px;min-width:18px;height:18px;border-radius:9px;padding:0 5px;background:#c62828;color:#fff;font-size:12px;line-height:18px;font-weight:650;text-align:center}
.panel{position:absolute;z-index:2147482999;right:0;top:calc(100% + 8px);width:min(360px,calc(100vw - 24px));max-height:min(480px,70vh);overflow:auto;padding:8px}
.panel.start{right:auto;left:0}
.panel ul{list-style:none;margin:0;padding:0}
.panel li{display:flex;gap:8px;padding:10px 8px;border-top:1px solid var(--l)}
.panel li:first-child{border:0}
.panel .title{font-size:15px}
.panel a.title{color:var(--a);text-decoration:none}
.panel li.new .title::before{content:"";display:inline-block;width:8px;height:8px;border-radius:4px;background:#c62828;margin-right:6px}
.panel time{color:var(--m);font-size:13px}
.none{padding:20px;text-align:center;color:var(--m);margin:0}
@media (prefers-reduced-motion:no-preference){.banner{animation:in .25s ease-out}@keyframes in{from{opacity:0;transform:translate(-50%,12px)}}}
`;

/** Puts the style into a shadow root, also where the page's policy forbids style elements. */
export function styled(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement("style");
    element.textContent = STYLE;
    root.append(element);
  }
}
