// A small catalogue and log, with users for every split.
import { type RandomSource, randomBelow, seededRandom } from '../../base/random.ts';
import type { Item, ItemId } from '../../base/types.ts';
import { buildLog, type Interaction } from '../log.ts';
import type { EvaluationCatalogue, InteractionLog } from '../types.ts';

const LANGUAGES = ['de', 'en', 'fi', 'hi', 'pt', 'pt-BR', 'sw', 'zh'];
const TOPICS = ['birds', 'boats', 'bread', 'games'];
export const SMALL_DIMENSIONS = 8;

/** @returns [count] items in one of eight languages, with 0 to 5 translations, one of four topics each */
export function smallItems(count: number, random: RandomSource = seededRandom(11)): Item[] {
  return Array.from({ length: count }, (_, row): Item => {
    const language = LANGUAGES[randomBelow(LANGUAGES.length, random)] ?? 'en';
    const others = LANGUAGES.filter((tag) => tag !== language && random() < 0.5);
    const text = { title: `Item ${row}`, description: `About ${TOPICS[row % 4]}` };
    return {
      id: `i${row}` as ItemId,
      language,
      ...text,
      translations: Object.fromEntries(others.map((tag) => [tag, text])),
      categories: [TOPICS[row % 4] ?? ''],
    };
  });
}

/** Users who like mostly one topic; user u has 2 + u mod 20 items, each at its own time. */
export function smallLog(userCount: number, itemCount: number, random: RandomSource = seededRandom(12)): InteractionLog {
  const interactions: Interaction[] = [];
  for (let user = 0; user < userCount; user++) {
    for (let turn = 0; turn < 2 + (user % 20); turn++) {
      const topic = random() < 0.8 ? user % 4 : randomBelow(4, random);
      const item = randomBelow(itemCount / 4, random) * 4 + topic;
      interactions.push({ user: `u${user}`, item, weight: 1, timeMs: 1e12 + randomBelow(1e9, random), position: 0 });
    }
  }
  return buildLog(interactions, itemCount).log;
}

/** Unit vectors: each topic a direction, with noise. */
export function smallCatalogue(
  items: readonly Item[],
  languages = items.map(({ language }) => language),
  random: RandomSource = seededRandom(13),
): EvaluationCatalogue {
  const vectors = new Float32Array(items.length * SMALL_DIMENSIONS);
  items.forEach((_, row) => {
    const values = Array.from({ length: SMALL_DIMENSIONS }, (_, at) => (at === row % 4 ? 1 : 0) + 0.3 * (random() - 0.5));
    const length = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / length),
      row * SMALL_DIMENSIONS,
    );
  });
  return { items, languages, texts: items.map(({ title }) => title), vectors, dimensions: SMALL_DIMENSIONS };
}
