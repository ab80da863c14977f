// The page, the plots and the figures of the benchmark of tastes.
import { writeFileSync } from 'node:fs';
import { table, writePage } from '../lib.mjs';

const PLOTS = new URL('../../docs/benchmarks/', import.meta.url);
const COUNTS = [1, 2, 3, 5, 10, 30];
const PRODUCT = ['kindred-visitor', 'kindred-visitor-popularity', 'kindred'];
const SETS = [
  { key: 'anime', title: 'Anime', plot: 'taste-anime.svg', suffix: '' },
  { key: 'series', title: 'Anime, one item a series', suffix: '_series' },
  { key: 'debian', title: 'Debian', plot: 'taste-debian.svg', suffix: '_debian' },
];

const systemIn = (result, split, name) => result?.find((one) => one.split === split)?.systems.find((system) => system.name === name);
const meanIn = (result, split, name) => systemIn(result, split, name)?.ndcg.mean;
/** @returns nDCG@10 of the best baseline of a split */
const bestIn = (result, split) => {
  const all = result?.find((one) => one.split === split)?.systems.filter(({ name }) => !PRODUCT.includes(name)) ?? [];
  return all.length > 0 ? Math.max(...all.map(({ ndcg }) => ndcg.mean)) : undefined;
};
const ratio = (a, b) => (a === undefined || b === undefined || b === 0 ? undefined : a / b);

/** @returns {[string, string][]} */
export function tasteFigures(results) {
  const found = SETS.flatMap(({ key, suffix }) => {
    const set = results[key];
    const ten = 'few-ratings-10';
    return [
      [`taste.visitor_over_mean_10${suffix}`, ratio(meanIn(set, ten, 'kindred-visitor'), meanIn(set, ten, 'mean-embedding'))],
      [`taste.visitor_over_mean_1${suffix}`, ratio(meanIn(set, 'few-ratings-1', 'kindred-visitor'), meanIn(set, 'few-ratings-1', 'mean-embedding'))],
      [`taste.visitor_over_mean_cold${suffix}`, ratio(meanIn(set, 'cold-items', 'kindred-visitor'), meanIn(set, 'cold-items', 'mean-embedding'))],
      [`taste.popularity_column_over_popularity_10${suffix}`, ratio(meanIn(set, ten, 'kindred-visitor-popularity'), meanIn(set, ten, 'popularity'))],
      ...[1, 2, 5, 10].map((n) => [
        `taste.blend_over_best_${n}${suffix}`,
        ratio(meanIn(set, `few-ratings-${n}`, 'kindred'), bestIn(set, `few-ratings-${n}`)),
      ]),
      [`taste.cold_over_best${suffix}`, ratio(meanIn(set, 'cold-items', 'kindred'), bestIn(set, 'cold-items'))],
    ];
  });
  const own = (likes) => {
    const rows = (results.languages ?? []).filter((row) => row.likes === likes && !row.features);
    return rows.length > 0 ? rows.reduce((sum, { mean }) => sum + mean, 0) / rows.length : undefined;
  };
  const asked = (method) => results.questions?.find((row) => row.method === method)?.ndcg.mean;
  return [
    ...found,
    ...[1, 5, 10].map((likes) => [`taste.own_language_over_fair_${likes}`, own(likes)]),
    ['taste.questions_over_random_5', ratio(asked('suggestQuestions'), asked('random'))],
    ['taste.questions_over_popular_5', ratio(asked('suggestQuestions'), asked('popular'))],
  ].flatMap(([name, value]) => (value === undefined ? [] : [[name, value.toFixed(3)]]));
}

const interval = (value) => (value ? `${value.mean.toFixed(3)} [${value.low.toFixed(3)}, ${value.high.toFixed(3)}]` : '–');

/** One row a system, one column a split. */
function setText(results, { key, title, plot }) {
  const set = results[key];
  if (!set) return [];
  const main = set.filter(({ split }) => split !== 'less-known-10');
  const names = set[0].systems.map(({ name }) => name);
  const rows = names.map((name) => ({
    system: name,
    ...Object.fromEntries(main.map(({ split }) => [split.replace('few-ratings-', 'likes: '), interval(systemIn(set, split, name)?.ndcg)])),
  }));
  const costs = ['kindred-visitor', 'kindred-visitor-popularity', 'kindred', 'popularity', 'mean-embedding']
    .filter((name) => names.includes(name))
    .map((name) => ({
      'system, 10 likes': name,
      'coverage@10': systemIn(set, 'few-ratings-10', name)?.coverage.toFixed(3) ?? '–',
      'novelty@10, bits': systemIn(set, 'few-ratings-10', name)?.novelty.toFixed(2) ?? '–',
      'nDCG@10, less known half': interval(systemIn(set, 'less-known-10', name)?.ndcg),
    }));
  const cases = main.map(({ split, cases: count, trainUsers }) => `${split}: ${count} readers, ${trainUsers} in training`).join('; ');
  return [
    `## ${title}`,
    ...(plot ? [`![nDCG@10 by the number of likes, a line a system](${plot})`] : []),
    `nDCG@10 with 95 % intervals (bootstrap of readers). ${cases}.`,
    table(rows),
    'What is shown, and what is found among the half of the items that fewest training users liked:',
    table(costs),
  ];
}

function languageText(rows) {
  if (!rows) return [];
  const cells = rows.map(({ set, features, likes, languages, items, ...value }) => ({
    set,
    vectors: features ? 'text and categories' : 'text alone',
    likes,
    'own language over fair': interval(value),
    languages,
    items,
  }));
  return [
    '## Likes in one language',
    'Each item is shown in one language drawn at random; a reader likes random items of one language. Share of that language in the top ten over its share of the candidates: 1 is fair. Vectors by the shipped adapter alone, as before a correction is fitted; hubs are marked down. The figure is the mean of both sets, text alone.',
    table(cells),
  ];
}

function questionText(rows) {
  if (!rows) return [];
  const cells = rows.map(({ method, ndcg, asked, readers }) => ({
    questions: method,
    'nDCG@10 after 5 answers': interval(ndcg),
    'questions asked': asked.toFixed(0),
    readers,
  }));
  return [
    '## The first minute',
    'Anime: a question is answered by like (rated 8 and more) or dislike (rated lower), and skipped where the reader has not rated the item. Each method goes on until five are answered; half of the likes are held out and are never an answer. The list is that of kindred-visitor.',
    table(cells),
  ];
}

export function writeTastePage(results, { users }) {
  for (const set of SETS) if (set.plot && results[set.key]) writeFileSync(new URL(set.plot, PLOTS), drawPlot(results[set.key], set.title));
  const parts = [
    `Anime: ratings by people, a like is 8 and more; ${users} users drawn by hash. Debian: metapackages as users. The systems are those of \`kindred evaluate\`: nine baselines, and the product: **kindred-visitor** is the list of the page without a log; **kindred-visitor-popularity** is the same on a site that states how many people like an item (here the number of training users who do)${results.anime?.[0].systems.some(({ name }) => name === 'kindred') ? '; **kindred** is the list with a file of `kindred train`, trained on the training users' : ''}.`,
    'Readers are not in training. Of each, 1 to 30 likes are seen; those of one size are part of those of the next, and the held-out likes are the same. In cold-items a fifth of the liked items is absent from training, and only those are ranked.',
    ...SETS.flatMap((set) => setText(results, set)),
    'One item a series: items are grouped by what stands in their title before ":", " - ", "(" or a word for a season or a film (season, movie, OVA, II, 2nd …); the first item of a series stands for all, and who likes one of them likes the series.',
    ...languageText(results.languages),
    ...questionText(results.questions),
    '## What was chosen on what',
    'The temperature of the soft maximum, the share of categories and numbers, and the weights of dislikes were chosen on anime and Debian ([several interests](../decisions/2026-11-25-several-interests.md)), so was the weight of popularity (`src/ranking/popularity.ts`): what is reached here is partly that choice. The temperature was also looked at on the languages of apps and stories. The weight of the hubness bias was chosen on apps. The shipped projection saw the texts of Debian’s packages (no basket) and none of anime.',
  ];
  writePage('taste', parts.join('\n\n'), 'Taste');
}

const COLOURS = {
  kindred: '#b91c1c',
  'kindred-visitor': '#2563eb',
  'kindred-visitor-popularity': '#7c3aed',
  'mean-embedding': '#111827',
  'embedding-knn': '#6b7280',
  'tfidf-knn': '#65a30d',
  'item-knn': '#0d9488',
  ease: '#d97706',
  'bpr-mf': '#db2777',
  popularity: '#92400e',
  'category-histogram': '#a3a3a3',
  random: '#d4d4d4',
};
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 460, 60, 220, 40, 50];

/** nDCG@10 over the number of likes (log scale), a line a system with its interval at each point. */
function drawPlot(set, title) {
  const sizes = COUNTS.filter((n) => set.some(({ split }) => split === `few-ratings-${n}`));
  const names = set[0].systems.map(({ name }) => name);
  const most = Math.max(...set.filter(({ split }) => split.startsWith('few')).flatMap(({ systems }) => systems.map(({ ndcg }) => ndcg.high)));
  const x = (n) => LEFT + (Math.log(n) / Math.log(30)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="nDCG@10 by likes on ${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="10" y="22" font-size="14" font-weight="bold">${title}: nDCG@10 by the number of likes seen, 95 % intervals</text>`,
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="#111"/>`,
    ...sizes.map((n) => `<text x="${x(n)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${n}</text>`),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">likes</text>`,
  ];
  const step = most > 0.4 ? 0.1 : 0.05;
  for (let tick = 0; tick <= most; tick += step) {
    parts.push(`<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${tick.toFixed(2)}</text>`);
    parts.push(`<path d="M${LEFT} ${y(tick).toFixed(1)}H${WIDTH - RIGHT}" stroke="#eee"/>`);
  }
  const ends = [];
  for (const [i, name] of names.entries()) {
    const points = sizes.flatMap((n) => {
      const ndcg = systemIn(set, `few-ratings-${n}`, name)?.ndcg;
      return ndcg ? [{ n, ...ndcg }] : [];
    });
    if (points.length === 0) continue;
    const colour = COLOURS[name] ?? '#000';
    const shift = (i - names.length / 2) * 1.5;
    const at = (n) => (x(n) + shift).toFixed(1);
    parts.push(
      `<path d="M${points.map(({ n, mean }) => `${at(n)} ${y(mean).toFixed(1)}`).join('L')}" fill="none" stroke="${colour}" stroke-width="${PRODUCT.includes(name) ? 2.5 : 1.2}"/>`,
      ...points.map(({ n, low, high }) => `<path d="M${at(n)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}" stroke="${colour}" stroke-opacity="0.5"/>`),
    );
    ends.push({ name, colour, y: y(points.at(-1).mean) });
  }
  // Names stand at the ends of their lines, a line of text apart.
  let last = TOP - 16;
  for (const end of ends.sort((a, b) => a.y - b.y)) {
    last = Math.max(end.y, last + 15);
    parts.push(`<text x="${WIDTH - RIGHT + 22}" y="${(last + 4).toFixed(1)}" fill="${end.colour}">${end.name}</text>`);
  }
  return `${[...parts, '</svg>'].join('\n')}\n`;
}
