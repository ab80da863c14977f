// Checks a demo catalogue (default: public/catalogues/world-library): its shape, its languages, its categories.
// Usage: node scripts/check-catalogue.mjs [folder]. Prints each problem with its item and remedy; exits 1 if there is one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eld } from 'eld/large';

const DEFAULT_FOLDER = fileURLToPath(new URL('../public/catalogues/world-library', import.meta.url));

const MIN_ITEMS = 480;
const MIN_LANGUAGES = 24;
const MIN_PER_LANGUAGE = 16;
const FIELDS = 'id kind language title description categories creator country published attributes license'.split(' ');
const LICENSE = 'CC0-1.0';
const EARLIEST_YEAR = 800;
const EARLIEST_FILM = 1888;

const CATEGORIES = (
  'adventure biography childhood city-life comedy coming-of-age crime family fantasy folklore history horror ' +
  'journey love music nature philosophy poetry politics satire science-fiction society village-life war'
).split(' ');

/** Language → scripts its letters may have; Latin unless named here. */
const SCRIPTS = {
  ...Object.fromEntries('cs de en es fi fr hu id it nl pl pt ro sv sw tr vi'.split(' ').map((tag) => [tag, ['Latin']])),
  ...{ ar: ['Arabic'], bn: ['Bengali'], el: ['Greek'], fa: ['Arabic'], he: ['Hebrew'], hi: ['Devanagari'], ta: ['Tamil'] },
  ...{ ru: ['Cyrillic'], uk: ['Cyrillic'], ko: ['Hangul'], zh: ['Han'], ja: ['Han', 'Hiragana', 'Katakana'] },
};
/** East Asian texts write initials in Latin capitals (阿Q, 容疑者X, SF). */
const TAKES_INITIALS = new Set(['ja', 'ko', 'zh']);

/** Look-alike letters of a neighbouring language: a reader does not see the difference, a search does. */
const FOREIGN_LETTERS = {
  ar: [/[پچژگکی]/u, 'a Persian letter'],
  fa: [/[يكىة]/u, 'an Arabic letter (write ی, ک, ه)'],
  ro: [/[şţ]/iu, 'a cedilla (write ș, ț with a comma)'],
  ru: [/[іїєґў]/iu, 'a Ukrainian or Belarusian letter'],
  uk: [/[ыэёъў]/iu, 'a Russian or Belarusian letter'],
};

/**
 * Description length in word-like segments of Intl.Segmenter. Chinese and Japanese have no spaces, and the segmenter cuts
 * them into smaller pieces than words (a Japanese particle or verb ending is one piece), hence bounds of their own.
 */
const LENGTHS = { zh: [35, 70], ja: [40, 75] };
const SPACED_LENGTH = [30, 60];

/**
 * Languages eld has no profile of, known instead by their most frequent function words: a text must hold at least
 * MIN_FUNCTION_WORDS different ones, and no rival's list may be met by more. Words that neighbours share are in the lists
 * of both, so the words that differ decide. As a second witness, eld must answer as noted: Indonesian is taken for its
 * sister Malay; Swahili resembles nothing eld knows, so its best score stays far below the 0.75 of a language it knows.
 */
const MIN_FUNCTION_WORDS = 5;
const SHARED_MALAY =
  'dan yang di dari ke dengan untuk pada kepada ini itu ia dalam tidak tak akan adalah sebagai oleh para lebih juga atau seorang ' +
  'sebuah telah sudah mereka dirinya antara tentang seperti hingga lalu ketika tetapi namun serta menjadi beberapa bersama tersebut ' +
  'pun hendak sang';
const FUNCTION_WORDS = {
  id: `${SHARED_MALAY} karena bahwa bisa demi sampai saja sementara sekaligus kala`,
  sw:
    'na ya wa kwa ni katika za la cha vya kwamba lakini au pia kama huku hata kisha baada kabla yake wake lake zake yao wao ' +
    'hii huyo huyu hiyo hizo huko ambao ambayo ambaye bila mbali sana kuwa kila tu akiwa kutoka hadi miaka mtu watu',
};
const RIVALS = {
  ms: `${SHARED_MALAY} kerana bahawa boleh ialah apabila sehingga sahaja manakala iaitu`,
  jv: 'lan sing ing saka menyang karo kanggo iki iku dheweke ora bakal dening uga utawa wis marang nalika nanging banjur dadi kang',
  tl: 'ang ng sa na at mga ay ni si ito iyon para hindi kung pero siya sila kanyang nang may isang din rin dahil upang',
  zu: 'futhi ukuthi kanye ngoba uma noma kodwa lapho yakhe wakhe abantu umuntu kuze njengoba ngesikhathi kakhulu yena bona leli',
  rw: 'na mu ku ya wa kandi ariko cyane kugira ngo ubwo iyo uyu uwo ari bari yari muri nta kuko abantu umuntu mbere nyuma',
  en: 'the of and to in a is that for with as on by his her who from an at are but not',
};
const ELD_WITNESS = {
  id: [(answer) => answer.language === 'ms', 'Malay, as for every Indonesian text'],
  sw: [(answer) => Math.max(0, ...Object.values(answer.getScores())) < 0.6, 'no language clearly'],
};
const ELD_LANGUAGES = new Set(Object.values(eld.info().Languages));

const segmenters = new Map();
const segmenterOf = (language) => {
  if (!segmenters.has(language)) segmenters.set(language, new Intl.Segmenter(language, { granularity: 'word' }));
  return segmenters.get(language);
};
const wordsOf = (text, language) => [...segmenterOf(language).segment(text)].filter((part) => part.isWordLike).map((part) => part.segment);
const isText = (value) => typeof value === 'string' && value.trim() !== '';

/** Undefined, or what in the text is not in the language's script. */
function scriptFault(text, language) {
  const scripts = SCRIPTS[language];
  const own = new RegExp(`[${scripts.map((script) => `\\p{scx=${script}}`).join('')}]`, 'u');
  const letters = [...text.matchAll(/\p{L}+/gu)].flatMap(([run]) => [...run]);
  const initials = TAKES_INITIALS.has(language) ? new Set(text.match(/(?<![A-Za-z])[A-Z]{1,2}(?![A-Za-z])/g)?.join('')) : new Set();
  const foreign = [...new Set(letters.filter((letter) => !own.test(letter) && !initials.has(letter)))];
  if (foreign.length > 0) return `holds letters outside ${scripts.join(', ')}: ${foreign.join(' ')}`;
  const [pattern, what] = FOREIGN_LETTERS[language] ?? [/(?!)/, ''];
  return pattern.test(text) ? `holds ${what}` : undefined;
}

/** Kept, because detection is slow and a caller that checks altered copies repeats most of it. */
const languageFaults = new Map();

/** Undefined, or why the text does not read as the language. */
function languageFault(text, language) {
  const key = `${language} ${text}`;
  if (!languageFaults.has(key)) languageFaults.set(key, findLanguageFault(text, language));
  return languageFaults.get(key);
}

function findLanguageFault(text, language) {
  const answer = eld.detect(text);
  if (ELD_LANGUAGES.has(language)) return answer.language === language ? undefined : `reads as ${answer.language || 'no language'}`;
  const words = new Set(wordsOf(text.toLowerCase(), language));
  const met = (list) => new Set(list.split(' ').filter((word) => words.has(word))).size;
  const own = met(FUNCTION_WORDS[language]);
  if (own < MIN_FUNCTION_WORDS) return `holds ${own} of its frequent function words, fewer than ${MIN_FUNCTION_WORDS}`;
  const rival = Object.entries({ ...RIVALS, ...FUNCTION_WORDS }).find(([tag, list]) => tag !== language && met(list) > own);
  if (rival !== undefined) return `holds more function words of ${rival[0]} (${met(rival[1])}) than its own (${own})`;
  const [agrees, expected] = ELD_WITNESS[language];
  return agrees(answer) ? undefined : `is taken by the detector for ${answer.language || 'no language'} (expected: ${expected})`;
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that Intl has a name for but ISO 3166-1 assigns to no country. */
const NOT_COUNTRIES = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));

function isCountry(code) {
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code) || NOT_COUNTRIES.has(code)) return false;
  // A withdrawn code (SU, DD, YU) is rewritten to its successor here.
  if (new Intl.Locale(`und-${code}`).region !== code) return false;
  const name = regionNames.of(code);
  return name !== undefined && name !== code;
}

function itemProblems(item, line, thisYear) {
  const found = [];
  const fault = (message) => found.push(message);
  const fields = Object.keys(item);
  if (fields.join() !== FIELDS.join()) fault(`has the fields ${fields.join(', ')}: write exactly ${FIELDS.join(', ')}, in this order`);
  else if (JSON.stringify(item) !== line) fault('is not in compact JSON, or names a field twice: write it as JSON.stringify would');
  if (line !== line.normalize('NFC')) fault('is not in Unicode NFC: normalize the line');

  const { id, kind, language, title, description, categories, creator, country, published, attributes, license } = item;
  const known = Object.hasOwn(SCRIPTS, language);
  if (!known) fault(`has the language ${JSON.stringify(language)}: use one of ${Object.keys(SCRIPTS).join(' ')}`);
  if (!/^[a-z]{2}(-[a-z0-9]+)+$/.test(id)) fault('has an id that is not lower-case words joined by hyphens: rename it');
  else if (known && !id.startsWith(`${language}-`)) fault(`has an id that does not begin with its language: begin it with "${language}-"`);
  if (kind !== 'book' && kind !== 'film') fault(`has the kind ${JSON.stringify(kind)}: write "book" or "film"`);
  if (license !== LICENSE) fault(`has the license ${JSON.stringify(license)}: write "${LICENSE}"`);
  for (const [field, value] of Object.entries({ title, description, creator })) {
    if (!isText(value)) fault(`has no ${field}: write it`);
    else if (value !== value.trim().replace(/\s+/gu, ' ')) fault(`has stray white space in its ${field}: use single spaces inside, none around`);
  }
  if (known) {
    for (const [field, value] of Object.entries({ title, description, creator })) {
      if (!isText(value)) continue;
      const message = scriptFault(value, language);
      if (message !== undefined) fault(`has a ${field} that ${message}: write it in the script of "${language}"`);
      else if (!/\p{L}/u.test(value)) fault(`has a ${field} without a letter: write it in words`);
    }
    if (isText(title) && isText(description)) {
      const [least, most] = LENGTHS[language] ?? SPACED_LENGTH;
      const words = wordsOf(description, language).length;
      if (words < least || words > most) fault(`has a description of ${words} words: write ${least} to ${most}`);
      const message = languageFault(`${title}. ${description}`, language);
      if (message !== undefined) fault(`is stated to be in "${language}" but ${message}: correct the language, or reword the description`);
    }
  }

  if (!Array.isArray(categories) || categories.length < 2 || categories.length > 4) fault('has not 2 to 4 categories: add or drop some');
  if (Array.isArray(categories)) {
    for (const category of categories)
      if (!CATEGORIES.includes(category)) fault(`has the unknown category ${JSON.stringify(category)}: use one of ${CATEGORIES.join(' ')}`);
    if (new Set(categories).size < categories.length) fault('names a category twice: drop one');
  }
  if (!isCountry(country)) fault(`has the country ${JSON.stringify(country)}: write a current ISO 3166-1 alpha-2 code`);
  const year = attributes?.year;
  const earliest = kind === 'film' ? EARLIEST_FILM : EARLIEST_YEAR;
  if (!Number.isInteger(year) || year < earliest || year > thisYear)
    fault(`has the year ${JSON.stringify(year)}: write a whole number from ${earliest} to ${thisYear}`);
  else if (published !== String(year)) fault(`has published ${JSON.stringify(published)} but the year ${year}: write the same year in both`);
  if (attributes !== undefined && Object.keys(Object(attributes)).join() !== 'year') fault('has attributes other than year: drop them');
  return found.map((message) => `${isText(id) ? id : 'an item without id'} ${message}.`);
}

function categoryProblems(text, used) {
  let names;
  try {
    names = JSON.parse(text);
  } catch (error) {
    return [`categories.json is not JSON (${error.message}): correct it.`];
  }
  const found = [];
  if (text !== text.normalize('NFC')) found.push('categories.json is not in Unicode NFC: normalize it.');
  for (const id of CATEGORIES) {
    if (!Object.hasOwn(names, id)) found.push(`categories.json lacks ${id}: add its names.`);
    if (!used.has(id)) found.push(`category ${id} is used by no item: give it to those it fits.`);
  }
  for (const id of Object.keys(names)) {
    if (!CATEGORIES.includes(id)) found.push(`categories.json has the unknown category ${id}: remove it, or add it to CATEGORIES in this script.`);
    for (const tag of Object.keys(names[id]))
      if (!Object.hasOwn(SCRIPTS, tag)) found.push(`category ${id} has a name in the unknown language ${tag}: remove it.`);
  }
  for (const language of Object.keys(SCRIPTS)) {
    const owners = new Map();
    for (const id of CATEGORIES.filter((category) => Object.hasOwn(names, category))) {
      const name = names[id][language];
      if (!isText(name)) {
        found.push(`category ${id} has no name in "${language}": add it.`);
        continue;
      }
      const message = scriptFault(name, language);
      if (message !== undefined) found.push(`category ${id} has a name in "${language}" that ${message}: write it in the script of the language.`);
      const key = name.trim().toLocaleLowerCase(language);
      if (owners.has(key)) found.push(`categories ${owners.get(key)} and ${id} are both "${name}" in "${language}": name them apart.`);
      owners.set(key, id);
    }
  }
  return found;
}

/** Problems of a catalogue given as the texts of its files; empty when it is sound. The README's language table is optional. */
export function catalogueProblems({ items: text, categories, readme }, thisYear = new Date().getFullYear()) {
  const found = [];
  const items = [];
  if (!text.endsWith('\n') || text.endsWith('\n\n') || text.includes('\r'))
    found.push('items.ndjson must end every line, the last too, with one LF: correct the line ends.');
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    let item;
    try {
      item = JSON.parse(line);
    } catch (error) {
      found.push(`items.ndjson line ${index + 1} is not JSON (${error.message}): write one object per line.`);
      continue;
    }
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      found.push(`items.ndjson line ${index + 1} is not an object: write one object per line.`);
      continue;
    }
    items.push(item);
    found.push(...itemProblems(item, line, thisYear));
  }

  for (const field of ['id', 'title', 'description']) {
    const owners = new Map();
    for (const item of items) {
      const key = String(item[field]).normalize('NFC').toLowerCase();
      if (owners.has(key)) found.push(`${item.id} has the same ${field} as ${owners.get(key)}: change or remove one.`);
      else owners.set(key, item.id);
    }
  }
  const unsorted = items.findIndex((item, index) => index > 0 && String(items[index - 1].id) > String(item.id));
  if (unsorted > 0) found.push(`${items[unsorted].id} stands after ${items[unsorted - 1].id}: sort the lines by id.`);

  const counts = new Map();
  for (const { language } of items) counts.set(language, (counts.get(language) ?? 0) + 1);
  if (items.length < MIN_ITEMS) found.push(`the catalogue has ${items.length} items: have at least ${MIN_ITEMS}.`);
  if (counts.size < MIN_LANGUAGES) found.push(`the catalogue has ${counts.size} languages: have at least ${MIN_LANGUAGES}.`);
  for (const [language, count] of counts)
    if (count < MIN_PER_LANGUAGE) found.push(`language "${language}" has ${count} items: have at least ${MIN_PER_LANGUAGE}.`);

  found.push(...categoryProblems(categories, new Set(items.flatMap((item) => item.categories))));

  if (readme !== undefined) {
    const rows = new Map([...readme.matchAll(/^\|\s*`([a-z]{2})`\s*\|[^|]*\|\s*(\d+)\s*\|/gm)].map(([, tag, count]) => [tag, Number(count)]));
    for (const language of new Set([...counts.keys(), ...rows.keys()])) {
      const [have, told] = [counts.get(language) ?? 0, rows.get(language) ?? 0];
      if (have !== told) found.push(`README.md tells of ${told} items in "${language}", the catalogue has ${have}: correct the table.`);
    }
  }
  return found;
}

/** The texts of a catalogue folder's files, as catalogueProblems takes them. */
export function readCatalogue(folder = DEFAULT_FOLDER) {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const readme = existsSync(join(folder, 'README.md')) ? { readme: read('README.md') } : {};
  return { items: read('items.ndjson'), categories: read('categories.json'), ...readme };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = catalogueProblems(readCatalogue(process.argv[2]));
  for (const problem of found) console.error(problem);
  if (found.length > 0) {
    console.error(`${found.length} problem${found.length === 1 ? '' : 's'}.`);
    process.exitCode = 1;
  } else {
    console.log('The catalogue is sound.');
  }
}
