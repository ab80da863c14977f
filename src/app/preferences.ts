// The visitor's choices that are saved: colours, languages to recommend in, languages that the visitor reads, variety of lists and how well known
// their items are.
import type { LanguagePolicy } from '../protocol/engine-api.ts';
import {
  ANY_LANGUAGE,
  type SavedLanguages,
  saveDiversity,
  savedDiversity,
  savedFamiliarity,
  savedLanguages,
  savedTheme,
  saveEncoder,
  saveFamiliarity,
  saveInterfaceLanguage,
  saveLanguages,
  saveSpeed,
  saveTheme,
  type ThemeChoice,
} from './saved.ts';

/** Every element takes its colour scheme from this property. */
const THEME_PROPERTY = '--kindred-color-scheme';

export class Preferences {
  theme: ThemeChoice = savedTheme();
  /** λ of MMR, 0 to MOST_DIVERSITY. */
  diversity: number = savedDiversity();
  /** −1 (hidden finds) to 1 (well known). */
  familiarity: number = savedFamiliarity();
  #languages: SavedLanguages = savedLanguages();

  constructor() {
    this.#applyTheme();
  }

  get policy(): LanguagePolicy {
    return this.#languages.policy;
  }

  /** Those languages of a catalogue that the visitor reads: as chosen, else as the browser says. */
  readsOf(catalogue: readonly { tag: string }[], browser: readonly string[]): string[] {
    const { reads } = this.#languages;
    const primary = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? tag;
    const known = new Set(browser.map(primary));
    return catalogue.map(({ tag }) => tag).filter((tag) => (reads.length > 0 ? reads.includes(tag) : known.has(primary(tag))));
  }

  choosePolicy(policy: LanguagePolicy): void {
    this.#saveLanguages({ ...this.#languages, policy });
  }

  /** @param reads languages of this catalogue; choices of languages that it does not have stay */
  chooseReads(reads: readonly string[], catalogue: readonly { tag: string }[]): void {
    const elsewhere = this.#languages.reads.filter((tag) => !catalogue.some((known) => known.tag === tag));
    this.#saveLanguages({ ...this.#languages, reads: [...elsewhere, ...reads] });
  }

  chooseDiversity(diversity: number): void {
    this.diversity = diversity;
    saveDiversity(diversity);
  }

  chooseFamiliarity(familiarity: number): void {
    this.familiarity = familiarity;
    saveFamiliarity(familiarity);
  }

  chooseTheme(theme: ThemeChoice): void {
    this.theme = theme;
    saveTheme(theme);
    this.#applyTheme();
  }

  /** Forgets every saved choice, also the language of the interface, the speed and the encoder. */
  forget(): void {
    this.chooseTheme('auto');
    this.chooseDiversity(0);
    this.chooseFamiliarity(0);
    this.#languages = { policy: ANY_LANGUAGE, reads: [] };
    saveLanguages(null);
    saveInterfaceLanguage(null);
    saveSpeed(null);
    saveEncoder('auto');
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
