/** The element's own looks; the frame's are the page's. No transforms, filters or transparency over
 *  the frame: browsers then no longer vouch that the subject sees what is tapped. */
const CSS = `
:host { display: block; }
:host([hidden]) { display: none; }
iframe { display: block; width: 100%; border: 0; background: Canvas; color-scheme: light dark; }
.inline iframe { height: 480px; }
/* What the host's page bequeaths to its elements ends here. */
dialog {
  all: initial; position: fixed; inset: 0; margin: auto; padding: 0; border: 0; overflow: hidden;
  width: min(100vw, 35rem); height: 100vh; height: 100dvh; max-width: none; max-height: none;
  background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; z-index: 2147483647;
}
dialog:not([open]) { display: none; }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: rgb(0 0 0 / 55%); }
dialog iframe { flex: 1; min-height: 0; }
.bar { display: flex; align-items: center; justify-content: space-between; padding: 0 0 0 1rem;
  border-bottom: 1px solid GrayText; }
.bar span { font-weight: 600; }
button { font: inherit; min-height: 44px; min-width: 44px; border: 1px solid GrayText;
  border-radius: 8px; background: ButtonFace; color: ButtonText; padding: 0 1rem; cursor: pointer; }
.bar button { border-color: transparent; background: none; color: inherit; }
button:focus-visible { outline: 3px solid Highlight; outline-offset: -3px; }
.ask { padding: 1.5rem; flex: 1; }
.ask[hidden], iframe[hidden] { display: none; }
.ask h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
.ask p { margin: 0 0 1.5rem; }
.ask div { display: flex; flex-wrap: wrap; gap: .75rem; }
.ask .stay { background: #174a84; border-color: #174a84; color: #fff; }
@media (min-width: 36rem) and (min-height: 30rem) {
  dialog { height: min(92vh, 56rem); border-radius: 12px; }
}`;

/** By a constructed sheet where there is one: a host's policy against inline styles does not matter. */
export function applyStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = CSS;
    root.append(style);
  }
}
