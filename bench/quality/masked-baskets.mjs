// A part of the Debian baskets for the language-masked split, small enough that its texts in other languages can be encoded
// in minutes: whole baskets, drawn by the hash of their names, so that every run takes the same ones.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A case needs 5 items in one language and 6 in another; of large baskets each item costs a text and adds no case. */
const LEAST_ITEMS = 12;
const MOST_ITEMS = 40;

/**
 * Writes items.ndjson and interactions.csv of the drawn baskets.
 * @param data folder of the whole catalogue and log
 * @param out folder to write to
 * @param most items altogether; each is shown in one language, so as many texts
 * @returns {{ baskets: number, ofBaskets: number, items: number, ofItems: number }}
 */
export function writeMaskedBaskets(data, out, most) {
  const lines = readFileSync(`${data}/items.ndjson`, 'utf8').split('\n').filter(Boolean);
  const known = new Set(lines.map((line) => JSON.parse(line).id));
  const [header, ...rows] = readFileSync(`${data}/interactions.csv`, 'utf8').trim().split(/\r?\n/);
  const baskets = new Map();
  for (const row of rows) {
    const [user, item] = row.split(',');
    if (known.has(item)) baskets.set(user, [...(baskets.get(user) ?? []), item]);
  }
  const orderOf = (user) => createHash('sha256').update(user).digest('hex');
  const fitting = [...baskets].filter(([, items]) => items.length >= LEAST_ITEMS && items.length <= MOST_ITEMS);
  const items = new Set();
  const users = new Set();
  for (const [user, own] of fitting.sort(([a], [b]) => (orderOf(a) < orderOf(b) ? -1 : 1))) {
    const more = own.filter((item) => !items.has(item));
    if (items.size + more.length > most) break;
    for (const item of more) items.add(item);
    users.add(user);
  }
  mkdirSync(out, { recursive: true });
  writeFileSync(`${out}/items.ndjson`, `${lines.filter((line) => items.has(JSON.parse(line).id)).join('\n')}\n`);
  writeFileSync(
    `${out}/interactions.csv`,
    `${[header, ...rows.filter((row) => users.has(row.split(',')[0]) && items.has(row.split(',')[1]))].join('\n')}\n`,
  );
  return { baskets: users.size, ofBaskets: baskets.size, items: items.size, ofItems: lines.length };
}
