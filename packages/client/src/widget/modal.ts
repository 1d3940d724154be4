import type { WidgetWords } from './words.js';

/** The modal's shell: a dialog with a bar, a question before leaving, and the frame. */
export interface Modal {
  readonly element: HTMLDialogElement;
  open(): void;
  /** Asks before leaving; `leave` follows if the subject says so. */
  ask(): void;
  close(): void;
}

/** `mayLeave`: nothing would be lost, so nothing is asked. `leave` is called once. */
export function createModal(
  words: WidgetWords,
  frame: HTMLElement,
  { mayLeave, leave }: { mayLeave(): boolean; leave(): void },
): Modal {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', words.title);
  dialog.setAttribute('aria-modal', 'true');

  const bar = make('div', 'bar');
  bar.append(make('span', '', words.title));
  const close = button('close', '✕', () => ask());
  close.setAttribute('aria-label', words.close);
  bar.append(close);

  const question = make('div', 'ask');
  question.setAttribute('role', 'alertdialog');
  question.setAttribute('aria-labelledby', 'ask-title');
  question.setAttribute('aria-describedby', 'ask-text');
  const title = make('h2', '', words.askTitle);
  title.id = 'ask-title';
  const text = make('p', '', words.askText);
  text.id = 'ask-text';
  const choices = make('div');
  const stay = button('stay', words.stay, () => show(false));
  choices.append(stay, button('leave', words.leave, leave));
  question.append(title, text, choices);
  question.hidden = true;
  dialog.append(bar, question, frame);

  const show = (asking: boolean): void => {
    question.hidden = !asking;
    frame.hidden = asking;
    (asking ? stay : frame).focus();
  };
  const ask = (): void => {
    if (mayLeave()) leave();
    else show(question.hidden === true);
  };
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    ask();
  });
  // Browsers close a dialog on the second Escape whatever the page says.
  dialog.addEventListener('close', leave);

  const page = document.documentElement;
  const overflow = page.style.overflow;
  return {
    element: dialog,
    ask,
    open() {
      // The page behind neither scrolls nor takes focus; old WebViews show the dialog in place.
      page.style.overflow = 'hidden';
      if (dialog.showModal) dialog.showModal();
      else dialog.setAttribute('open', '');
      frame.focus();
    },
    close() {
      page.style.overflow = overflow;
      dialog.removeEventListener('close', leave);
      if (dialog.open && dialog.close) dialog.close();
      dialog.remove();
    },
  };
}

function make(tag: string, className = '', text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(className: string, text: string, act: () => void): HTMLElement {
  const element = make('button', className, text);
  element.setAttribute('type', 'button');
  element.addEventListener('click', act);
  return element;
}
