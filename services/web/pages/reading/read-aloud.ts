import { html, LitElement, type TemplateResult } from 'lit';
import { wordsOf, type Language } from '../../src/pages/words/index.js';

/** Long utterances are cut off by some engines; a sentence or two is safe. */
const MAXIMUM_CHARACTERS = 160;

/**
 * Reads a text with the device's own voice. Shown only where a local voice for the text's language
 * exists: a voice of a network service would hear what the subject is asked to sign.
 * Event: `read-aloud` when reading begins.
 */
class ReadAloud extends LitElement {
  static override properties = {
    language: { attribute: false },
    textLanguage: { attribute: false },
    texts: { attribute: false },
    voice: { state: true },
    speaking: { state: true },
  };
  declare language: Language;
  declare textLanguage: Language;
  declare texts: readonly string[];
  declare private voice: SpeechSynthesisVoice | undefined;
  declare private speaking: boolean;

  constructor() {
    super();
    this.speaking = false;
    this.texts = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#choose();
    // Voices arrive late on most devices.
    globalThis.speechSynthesis?.addEventListener?.('voiceschanged', this.#choose);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    globalThis.speechSynthesis?.removeEventListener?.('voiceschanged', this.#choose);
    this.#stop();
  }

  protected override render(): TemplateResult | '' {
    const { readAloud } = wordsOf(this.language);
    if (!this.voice) return '';
    return html`<button
      type="button"
      class="button quiet read-aloud"
      aria-pressed=${this.speaking}
      title=${readAloud.note}
      @click=${this.speaking ? this.#stop : this.#start}
    >
      <span class="icon-speaker" aria-hidden="true"></span>
      ${this.speaking ? readAloud.stop : readAloud.start}
    </button>`;
  }

  #choose = (): void => {
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    this.voice = voices.find(
      ({ localService, lang }) =>
        localService && lang.toLowerCase().startsWith(this.textLanguage ?? this.language),
    );
  };

  #start = (): void => {
    speechSynthesis.cancel();
    const parts = this.texts.flatMap(sentences);
    if (!this.voice || parts.length === 0) return;
    for (const [i, text] of parts.entries()) {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = this.voice;
      utterance.lang = this.voice.lang;
      utterance.rate = 0.9;
      if (i === parts.length - 1) utterance.onend = () => (this.speaking = false);
      speechSynthesis.speak(utterance);
    }
    this.speaking = true;
    this.dispatchEvent(new CustomEvent('read-aloud', { bubbles: true }));
  };

  #stop = (): void => {
    if (!this.speaking) return;
    globalThis.speechSynthesis?.cancel();
    this.speaking = false;
  };
}
customElements.define('mandate-read-aloud', ReadAloud);

/** Whole sentences, joined up to what an engine takes at once. */
function sentences(text: string): string[] {
  const parts: string[] = [];
  for (const sentence of text.match(/[^。；;.!?！？]+[。；;.!?！？]*/g) ?? []) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + sentence.length <= MAXIMUM_CHARACTERS)
      parts[parts.length - 1] = last + sentence;
    else parts.push(sentence);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
