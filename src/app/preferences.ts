// What the visitor chose for the page itself and is remembered: colours, languages to recommend in, languages that are
// read, and how varied lists are.
import type { LanguagePolicy } from '../protocol/engine-api.ts';
import { saveLanguage } from '../ui/messages/localize.ts';
import {
  ANY_LANGUAGE,
  keep,
  type SavedLanguages,
  saveDiversity,
  savedDiversity,
  savedLanguages,
  savedTheme,
  saveLanguages,
  type ThemeChoice,
} from './saved.ts';
import { saveSpeed } from './saved-speed.ts';

/** From which every element takes its colour scheme. */
const THEME_PROPERTY = '--kindred-color-scheme';

export class Preferences {
  theme: ThemeChoice = savedTheme();
  /** λ of MMR, 0 to MOST_DIVERSITY. */
  diversity: number = savedDiversity();
  #languages: SavedLanguages = savedLanguages();

  constructor() {
    this.#applyTheme();
  }

  get policy(): LanguagePolicy {
    return this.#languages.policy;
  }

  /** Of a catalogue's languages those that the visitor reads: as chosen, else as the browser says. */
  readsOf(catalogue: readonly { tag: string }[], browser: readonly string[]): string[] {
    const { reads } = this.#languages;
    const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? tag;
    const known = new Set(browser.map(primary));
    return catalogue.map(({ tag }) => tag).filter((tag) => (reads.length > 0 ? reads.includes(tag) : known.has(primary(tag))));
  }

  choosePolicy(policy: LanguagePolicy): void {
    this.#saveLanguages({ ...this.#languages, policy });
  }

  /** @param reads of the catalogue's languages; what else is read stays */
  chooseReads(reads: readonly string[], catalogue: readonly { tag: string }[]): void {
    const elsewhere = this.#languages.reads.filter((tag) => !catalogue.some((known) => known.tag === tag));
    this.#saveLanguages({ ...this.#languages, reads: [...elsewhere, ...reads] });
  }

  chooseDiversity(diversity: number): void {
    this.diversity = diversity;
    saveDiversity(diversity);
  }

  chooseTheme(theme: ThemeChoice): void {
    this.theme = theme;
    keep('theme', theme === 'auto' ? null : theme);
    this.#applyTheme();
  }

  /** Everything that is remembered of the visitor's choices, the interface's language, speed and encoder included. */
  forget(): void {
    this.chooseTheme('auto');
    this.chooseDiversity(0);
    this.#languages = { policy: ANY_LANGUAGE, reads: [] };
    saveLanguages(null);
    saveLanguage(null);
    saveSpeed(null);
    keep('encoder', null);
  }

  #saveLanguages(languages: SavedLanguages): void {
    this.#languages = languages;
    saveLanguages(languages);
  }

  #applyTheme(): void {
    const { style } = document.documentElement;
    if (this.theme === 'auto') style.removeProperty(THEME_PROPERTY);
    else style.setProperty(THEME_PROPERTY, this.theme);
  }
}
