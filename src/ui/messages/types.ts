// The type of a language's texts, so that the compiler finds missing and unknown keys.
import type { cardEn } from './card/en.ts';
import type { en } from './en.ts';

/** CLDR plural categories; every language has `other`. */
export type PluralForms = { readonly other: string } & {
  readonly [Form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string;
};

export type MessageSource = Readonly<Record<string, string | PluralForms>>;

/** A complete translation: the keys of English, a plural where English has one. */
export type Messages = TranslationOf<typeof en>;

/** The same for a group of texts in its own file. */
export type TranslationOf<Source extends MessageSource> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : PluralForms;
};

export type MessageKey = keyof Messages;

/** The texts that the item card and the list around it need. */
export type CardMessages = TranslationOf<typeof cardEn>;

/** `count` picks the plural form; numbers are written in the language's digits and grouping. */
export type MessageValues = Readonly<Record<string, string | number>>;
